import assert from 'node:assert/strict'
import type { ErrorCode } from '@rivulet/core'
import { askAndRead } from '../ask.ts'
import { bytesOf } from '../bytes.ts'
import type { Script } from '../exchange.ts'
import { answering, headOf } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, within } from '../reading.ts'

const STATUSES: readonly [status: number, code: ErrorCode][] = [
  [401, 'auth'],
  [403, 'auth'],
  [402, 'quota'],
  [404, 'not-found'],
  [400, 'bad-request'],
  [422, 'bad-request'],
  [413, 'context-length'],
  [408, 'timeout'],
  [429, 'rate-limited'],
  [500, 'overloaded'],
  [502, 'overloaded'],
  [503, 'overloaded'],
  [504, 'overloaded'],
  [529, 'overloaded'],
]

/** Bodies that say more than their status. */
const WORDS: readonly [status: number, message: string, code: ErrorCode][] = [
  [429, 'You exceeded your current quota, please check your plan and billing details.', 'quota'],
  [400, "This model's maximum context length is 8192 tokens.", 'context-length'],
]

const PAGE = '<html><head><title>Oh no</title></head><body>Oh no</body></html>'
const RETRYABLE: readonly ErrorCode[] = ['rate-limited', 'overloaded', 'timeout', 'network', 'truncated', 'malformed']

const json = (message: string): { contentType: string; body: Uint8Array } => ({
  contentType: 'application/json',
  body: bytesOf(JSON.stringify({ error: { message } })),
})

const SENT = 'Fri, 20 Nov 2026 12:00:00 GMT'
const RETRY_AFTER: readonly [headers: Record<string, string>, expectedMs: number | undefined][] = [
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after-ms': '1500' }, 1500],
  [{ 'retry-after': 'Fri, 20 Nov 2026 12:00:30 GMT', date: SENT }, 30_000],
  [{ 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT', date: SENT }, 0],
  [{ 'retry-after': '999999999' }, 999_999_999_000],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-5' }, undefined],
  [{}, undefined],
]

const BODY_BYTES = 100 * 1024 * 1024
/** More than the 64 KiB that are read, and all that the kernel buffers on both sides. */
const MOST_BYTES = 32 * 1024 * 1024

export const statuses: readonly Law[] = [
  {
    name: 'an HTTP error has the code that its status means, and the request is sent once',
    rows: [12],
    async run(context) {
      let count = 0
      for (const [status, code] of STATUSES) {
        const bodies = [
          json('no reason'),
          { contentType: 'text/html', body: bytesOf(PAGE) },
          { contentType: '', body: bytesOf('') },
        ]
        for (const body of bodies) {
          const what = `status ${status}, ${body.contentType || 'no body'}`
          const read = await askAndRead(context, what, answering({ ...body, status }, 'length'))
          const error = chatErrorOf(read, what)
          assert.equal(error.code, code, `${what}: the code`)
          assert.equal(error.status, status, `${what}: error.status`)
          assert.equal(error.retryable, RETRYABLE.includes(code), `${what}: error.retryable`)
          assert.ok(error.provider !== undefined, `${what}: error.provider`)
          assert.equal(read.play.exchanges.length, 1, `${what}: how many requests`)
          count++
        }
      }
      for (const [status, message, code] of WORDS) {
        const error = chatErrorOf(await askAndRead(context, message, answering({ ...json(message), status })), message)
        assert.equal(error.code, code, message)
        assert.ok(error.message.includes(message), `the endpoint's message is not in "${error.message}"`)
      }
      return `${count + WORDS.length} answers`
    },
  },
  {
    name: 'Retry-After becomes retryAfterMs, however it is written',
    rows: [13],
    async run(context) {
      for (const [headers, expectedMs] of RETRY_AFTER) {
        for (const status of [429, 503]) {
          const what = `${status} with ${JSON.stringify(headers)}`
          const script = answering({ ...json('later'), status, headers })
          const error = chatErrorOf(await askAndRead(context, what, script), what)
          assert.equal(error.retryAfterMs, expectedMs, `${what}: error.retryAfterMs`)
        }
      }
      return `${RETRY_AFTER.length} spellings`
    },
  },
  {
    name: 'an endless error body is read up to a bound, and the connection is closed',
    rows: [14],
    async run(context) {
      const block = Buffer.alloc(256 * 1024, 'x')
      const answer = { contentType: 'text/plain', body: block, status: 500 }
      const script: Script = async (exchange) => {
        await exchange.write(headOf({ ...answer, body: { length: BODY_BYTES } as Uint8Array }, 'length'))
        while (exchange.bytesSent < BODY_BYTES && (await exchange.write(block)));
      }
      const what = 'an error body of 100 MiB'
      const read = await askAndRead(context, what, script)
      assert.equal(chatErrorOf(read, what).code, 'overloaded')
      const exchange = await read.play.first
      await within(context.patienceMs, `${what}: closing the connection`, exchange.closed)
      assert.ok(exchange.bytesSent < MOST_BYTES, `${what}: ${exchange.bytesSent} bytes of it were read`)
      return `closed after ${Math.ceil(exchange.bytesSent / 1024)} KiB left the server`
    },
  },
]
