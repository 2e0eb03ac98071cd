import assert from 'node:assert/strict'
import type { ErrorCode } from '@rivulet/core'
import { headOf } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf } from '../reading.ts'
import { Timed } from '../timed.ts'

/** In milliseconds of a clock that the law itself advances: no deadline passes. */
const LIMITS = { connectMs: 10_000, firstTokenMs: 20_000, idleMs: 20_000, totalMs: 60_000 }
/** The most that the body of an error may hold up its status, in milliseconds. */
const MOST_MS = 1_000
const STEPS = 4

interface Held {
  what: string
  status: number
  headers?: Record<string, string>
  /** Sent at each step. */
  trickle?: string
  code: ErrorCode
  retryAfterMs?: number
}

const ERRORS: readonly Held[] = [
  { what: 'no body', status: 503, code: 'overloaded' },
  {
    what: 'Retry-After, and no body',
    status: 429,
    headers: { 'retry-after': '7' },
    code: 'rate-limited',
    retryAfterMs: 7_000,
  },
  { what: 'a body that trickles', status: 401, trickle: 'x', code: 'auth' },
]

export const heldErrors: readonly Law[] = [
  {
    name: 'an error status that keeps its body back is its error within a second, and the connection is closed',
    rows: [35],
    async run(context) {
      for (const { what: how, status, headers = {}, trickle = '', code, retryAfterMs } of ERRORS) {
        const what = `${status} with ${how}`
        const timed = await Timed.ask(context, LIMITS)
        const head = { contentType: 'application/json', status, headers, body: new Uint8Array(100) }
        await timed.write(headOf(head, 'length'))
        for (let step = 0; step < STEPS; step++) {
          if (trickle !== '') await timed.write(trickle)
          await timed.clock.advance(MOST_MS / STEPS)
        }
        const error = chatErrorOf(await timed.settled(`${what}: failing within ${MOST_MS} ms`), what)
        assert.equal(error.code, code, `${what}: the code`)
        assert.equal(error.status, status, `${what}: error.status`)
        assert.equal(error.retryAfterMs, retryAfterMs, `${what}: error.retryAfterMs`)
      }
      return `${ERRORS.map(({ code }) => code).join(', ')}; closed`
    },
  },
]
