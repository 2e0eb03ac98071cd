/** WRONG, each of them: layers that compile and break. `test/layers.test.ts` shows how. */
import type { ChatEvent, Layer } from '@rivulet/core'
import { wrap } from '@rivulet/core/provider'

/** A spread copies own fields only: of a provider that is a class, getters and methods are gone. */
export const spread: Layer = (next) => ({ ...next, stream: (request, options) => next.stream(request, options) })

/** `options` stop here: no abort, no header and no deadline reaches the provider. */
export const deaf: Layer = (next) => wrap(next, { stream: (request) => next.stream(request) })

/** The catch takes aborts and failures alike: half an answer ends as if it were whole. */
export const quiet: Layer = (next) =>
  wrap(next, {
    async *stream(request, options): AsyncGenerator<ChatEvent> {
      try {
        yield* next.stream(request, options)
      } catch {
        yield { type: 'finish', reason: 'other' }
      }
    },
  })

/** `finish` is the last event. A reader may have left when the line comes. */
export const afterword: Layer = (next) =>
  wrap(next, {
    async *stream(request, options): AsyncGenerator<ChatEvent> {
      yield* next.stream(request, options)
      yield { type: 'text', text: ' Goodbye.' }
    },
  })

/** The reader waits for the last word before the first; and a generator calls `next.stream` only when it is read. */
export const hoarding: Layer = (next) =>
  wrap(next, {
    async *stream(request, options): AsyncGenerator<ChatEvent> {
      const events = await Array.fromAsync(next.stream(request, options))
      yield* events
    },
  })
