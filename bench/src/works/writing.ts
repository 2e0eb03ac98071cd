import { createHash } from 'node:crypto'
import type { ChatEvent } from '@rivulet/core'
import type { ServerProtocol } from '@rivulet/core/provider'
import { messagesServer } from '@rivulet/protocol-anthropic'
import { chatCompletionsServer } from '@rivulet/protocol-openai'
import type { Work } from '../contender.ts'
import { wordAt } from '../wire/answers.ts'

/**
 * The server halves. Every event is written into a buffer, as a server writes into a socket, because a concatenated string costs
 * nothing until it is read. The floor has the parts of each string and only joins and writes them: no event, no escaping.
 */

type Write = (event: ChatEvent) => string

const IDENTITY = { id: 'chatcmpl-9tXk2LrJcQ8fYb3nV0aWs', created: 1_732_147_200, model: 'gpt-4' }
const QUESTION = JSON.stringify({
  model: 'gpt-4',
  max_tokens: 100,
  stream: true,
  messages: [{ role: 'user', content: 'Write.' }],
})

/** The writer of a streamed answer. */
const writerOf = (server: ServerProtocol, path: string) => (): Write => {
  const answer = server.read({ path, body: QUESTION }).answer(IDENTITY)
  return (event) => answer.write([event])
}
const openaiWriter = writerOf(chatCompletionsServer(), '/v1/chat/completions')
const anthropicWriter = writerOf(messagesServer(), '/v1/messages')

function eventsOf(size: number): ChatEvent[] {
  return [
    { type: 'start', provider: 'bench', model: 'gpt-4' },
    ...Array.from({ length: size }, (_, index): ChatEvent => ({ type: 'text', text: wordAt(index) })),
    { type: 'finish', reason: 'stop', usage: { inputTokens: 9, outputTokens: size, source: 'reported' } },
  ]
}

/** Made once for each size, before the measured rounds. */
function once<T>(make: (size: number) => T): (size: number) => T {
  const made = new Map<number, T>()
  return (size) => {
    const known = made.get(size) ?? make(size)
    made.set(size, known)
    return known
  }
}

const MAX_BYTES_OF_EVENT = 512

const events = once(eventsOf)
const buffers = once((size) => Buffer.alloc((size + 8) * MAX_BYTES_OF_EVENT))

const proofOf = (bytes: Uint8Array) => (): string => `${bytes.length}:${createHash('sha1').update(bytes).digest('hex')}`

function writing(writer: () => Write): Work {
  return async ({ size, times }) => {
    const buffer = buffers(size)
    let at = 0
    for (let time = 0; time < times; time++) {
      const write = writer()
      at = 0
      for (const event of events(size)) at += buffer.write(write(event), at)
    }
    return proofOf(buffer.subarray(0, at))
  }
}

/** The writer's strings, cut around the text: before, the escaped text, after. */
function partsOf(writer: () => Write, size: number): [string, string, string][] {
  const write = writer()
  return events(size).map((event) => {
    const whole = write(event)
    const text = event.type === 'text' ? JSON.stringify(event.text) : ''
    const at = text === '' ? -1 : whole.lastIndexOf(text)
    return at < 0 ? [whole, '', ''] : [whole.slice(0, at), text, whole.slice(at + text.length)]
  })
}

function concatenating(writer: () => Write): Work {
  const parts = once((size) => partsOf(writer, size))
  return async ({ size, times }) => {
    const buffer = buffers(size)
    let at = 0
    for (let time = 0; time < times; time++) {
      at = 0
      for (const [before, text, after] of parts(size)) at += buffer.write(before + text + after, at)
    }
    return proofOf(buffer.subarray(0, at))
  }
}

export const openai = writing(openaiWriter)
export const openaiFloor = concatenating(openaiWriter)
export const anthropic = writing(anthropicWriter)
export const anthropicFloor = concatenating(anthropicWriter)
