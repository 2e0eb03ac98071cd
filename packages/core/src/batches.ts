import type { ChatEvent } from './chat.ts'

/** Reads batches. A batch is never empty. `close()` ends the stream at once, also while a `next()` is pending. */
export interface Batches<Event = ChatEvent> {
  next(): Promise<IteratorResult<readonly Event[], undefined>>
  close(): void
}

export const DONE: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined })
