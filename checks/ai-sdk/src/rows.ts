import type { Fault } from '@rivulet/simulator'

/** A fault of an endpoint that a user of the AI SDK can meet, by its row in the truth table. */
export interface Row {
  row: number
  what: string
  /** What the endpoint does; `'refused'`: nothing listens there. */
  fault: Fault | 'refused'
}

/** Statuses say how soon to ask again, so that a run does not wait for the backoff. */
const status = (row: number, what: string, code: number): Row => ({
  row,
  what,
  fault: { kind: 'status', status: code, headers: { 'retry-after-ms': '1' } },
})

export const rows: readonly Row[] = [
  { row: 1, what: 'the connection is refused', fault: 'refused' },
  { row: 2, what: 'it never answers', fault: { kind: 'stall-before-headers' } },
  { row: 3, what: 'headers, then nothing', fault: { kind: 'stall-before-first-token' } },
  { row: 4, what: 'content, then nothing', fault: { kind: 'stall-mid-stream' } },
  { row: 5, what: 'an endless trickle', fault: { kind: 'trickle' } },
  { row: 6, what: 'the answer ends early', fault: { kind: 'truncate' } },
  { row: 6, what: 'the connection is reset in the answer', fault: { kind: 'reset-mid-stream' } },
  { row: 9, what: 'a login page with status 200', fault: { kind: 'html-200' } },
  { row: 9, what: 'nothing, with status 200', fault: { kind: 'empty-200' } },
  { row: 10, what: 'an error in place of the first token', fault: { kind: 'error-first' } },
  { row: 11, what: 'an error in the middle', fault: { kind: 'error-mid-stream' } },
  status(12, 'status 400', 400),
  { row: 12, what: 'a wrong key', fault: { kind: 'wrong-key' } },
  status(12, 'status 500', 500),
  { row: 13, what: 'status 429 that says when', fault: { kind: 'retry-after', form: 'ms-header', value: 1 } },
  { row: 17, what: 'a line that is not JSON', fault: { kind: 'garbage-data' } },
  { row: 19, what: 'a redirect to another host', fault: { kind: 'redirect-elsewhere' } },
  { row: 22, what: 'an answer without content', fault: { kind: 'empty-answer' } },
]
