/** One contender in a process of its own: what another one taught the compiler does not affect it. */
import type { ChatEvent, ChatRequest } from '@rivulet/core'
import { batchesOf } from '@rivulet/core/provider'
import { CONTENDERS } from './contenders.ts'
import { type Flow, inProcess, overSocket } from './members.ts'

export interface Task extends Flow {
  /** Where the endpoint is; absent: the member is in this process. */
  origin?: string
  reading: 'by the event' | 'by the batch'
  /** How many streams, one after the other. */
  streams: number
  /** Instead of time: how many bytes are allocated for a stream, and kept at its end. */
  bytes?: boolean
}

export interface Figure {
  /** Of this process, in microseconds; or bytes that were allocated. */
  cost: number
  /** Bytes that one stream keeps just before its end. */
  kept: number
  /** All characters that were read: each contender has to have read the same. */
  characters: number
}

const REQUEST: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

/** Gives the number of characters; `atEnd` is called when the last event but one has come. */
async function read(stream: AsyncIterable<ChatEvent>, { reading, events }: Task, atEnd?: () => void): Promise<number> {
  let characters = 0
  let texts = 0
  const look = (event: ChatEvent): void => {
    if (event.type !== 'text') return
    characters += event.text.length
    if (++texts === events) atEnd?.()
  }
  if (reading === 'by the event') for await (const event of stream) look(event)
  else {
    const batches = batchesOf(stream)
    for (let { value } = await batches.next(); value !== undefined; { value } = await batches.next())
      value.forEach(look)
  }
  return characters
}

async function time(provider: ReturnType<typeof inProcess>, task: Task): Promise<Figure> {
  let characters = 0
  const before = process.cpuUsage()
  for (let stream = 0; stream < task.streams; stream++) characters += await read(provider.stream(REQUEST), task)
  const { user, system } = process.cpuUsage(before)
  return { cost: user + system, kept: 0, characters }
}

/** In a process whose young generation is so large that garbage is collected on demand only. */
async function weigh(provider: ReturnType<typeof inProcess>, task: Task): Promise<Figure> {
  const used = (): number => process.memoryUsage().heapUsed
  const collect = (): void => {
    if (globalThis.gc === undefined) throw new Error('to weigh, start with --expose-gc')
    globalThis.gc()
  }
  // What is compiled and grown with the first streams does not belong to one stream.
  for (let stream = 0; stream < 3; stream++) await read(provider.stream(REQUEST), task)
  collect()
  const before = used()
  let [allocated, kept] = [0, 0]
  const characters = await read(provider.stream(REQUEST), task, () => {
    allocated = used() - before
    collect()
    kept = used() - before
  })
  return { cost: allocated, kept, characters }
}

const contender = CONTENDERS[process.argv[2] ?? '']
if (contender === undefined) throw new Error(`no contender "${process.argv[2] ?? ''}"`)
/** One for each flow, so that connections are used again. */
const providers = new Map<string, ReturnType<typeof inProcess>>()

process.on('message', (task: Task) => {
  const { origin, events, perRead, bytes } = task
  const key = `${origin ?? ''} ${events} ${perRead}`
  const provider = providers.get(key) ?? contender(origin === undefined ? inProcess(task) : overSocket(origin, task))
  providers.set(key, provider)
  void (bytes === true ? weigh : time)(provider, task).then((figure) => process.send?.(figure))
})
