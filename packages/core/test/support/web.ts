import type { ChatEvent } from '../../src/chat.ts'
import { hello, local, start, textEvent } from './providers.ts'
import { deferred } from './servers.ts'

/** An answer with these events, which then ends or fails. */
export const answering = (events: readonly ChatEvent[], failure?: Error): AsyncIterable<ChatEvent> =>
  local(async function* () {
    yield* events
    if (failure !== undefined) throw failure
  }).stream(hello)

/** An endless answer that records how far it was read, and when it was closed. */
export function endless() {
  const closed = deferred()
  const counted = { yielded: 0, closed: closed.promise }
  const stream = local(async function* () {
    try {
      yield start
      for (;;) {
        counted.yielded++
        yield textEvent('x')
      }
    } finally {
      closed.resolve()
    }
  }).stream(hello)
  return { stream, counted }
}
