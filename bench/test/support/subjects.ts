import { type ChatEvent, type Layer, pipe, type Provider, retry, type Transport } from '@rivulet/core'
import { batchesOf, chatStream } from '@rivulet/core/provider'
import { openaiCompatible } from '@rivulet/provider-openai-compatible'
import { failover } from '@rivulet/router'

/** The subjects of the guards. Each of the last five exceeds one of the bounds. */
export const subjects = {
  plain: (options) => openaiCompatible(options),
  group: (options) => failover([pipe(openaiCompatible(options), retry())]),
  'one by one': (options) => pipe(openaiCompatible(options), oneByOne),
  'a timer for each read': (options) => pipe(openaiCompatible(options), timed),
  'async generators': (options) => pipe(openaiCompatible(options), generated, generated, generated),
  'a copy of each event': (options) => pipe(openaiCompatible(options), copied),
  'a function assigned to a property': (options) => pipe(openaiCompatible(options), assigned),
} satisfies Record<string, (options: Options) => Provider>

export type SubjectName = keyof typeof subjects

interface Options {
  baseUrl: string
  transport?: Transport
}

/** Ignores batches. */
const oneByOne: Layer = (next) => ({
  ...next,
  stream(request, call) {
    const events = next.stream(request, call)
    return { [Symbol.asyncIterator]: () => events[Symbol.asyncIterator]() }
  },
})

/** A layer that maps each batch. */
const byBatch =
  (look: (events: readonly ChatEvent[]) => readonly ChatEvent[]): Layer =>
  (next) => ({
    ...next,
    stream(request, call) {
      const inner = batchesOf(next.stream(request, call))
      return chatStream(call?.signal, () => ({
        async next() {
          const read = await inner.next()
          return read.done === true ? read : { done: false, value: look(read.value) }
        },
        close() {
          inner.close()
        },
      }))
    },
  })

/** Like a deadline that restarts with each read. */
const timed = byBatch((events) => {
  clearTimeout(setTimeout(() => undefined, 1_000_000))
  return events
})

const copied = byBatch((events) => events.map((event) => structuredClone(event)))

const generated: Layer = (next) => ({
  ...next,
  async *stream(request, call) {
    yield* next.stream(request, call)
  },
})

/** V8 treats such a function as old at once: even when dead, it retains its answer until the next major collection. */
const assigned: Layer = (next) => ({
  ...next,
  stream(request, call) {
    const answer: { events: AsyncIterable<ChatEvent>; leave?: () => unknown } = { events: next.stream(request, call) }
    answer.leave = () => answer.events
    return answer.events
  },
})
