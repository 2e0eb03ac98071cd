import { ChatError, type ErrorCode } from '@rivulet/core'
import { expect, test } from 'vitest'
import { readError } from '../../src/client/errors.ts'
import { chatCompletions, errorAnswer } from '../../src/index.ts'

/** What a client reads out of it. What broke behind the server is to its client a server that failed. */
const READ: Readonly<Record<ErrorCode, ErrorCode>> = {
  auth: 'auth',
  quota: 'quota',
  'rate-limited': 'rate-limited',
  'bad-request': 'bad-request',
  'context-length': 'context-length',
  'not-found': 'not-found',
  'content-filter': 'content-filter',
  overloaded: 'overloaded',
  timeout: 'timeout',
  network: 'overloaded',
  truncated: 'overloaded',
  malformed: 'overloaded',
  unsupported: 'bad-request',
  exhausted: 'overloaded',
}
const codes = Object.entries(READ) as [ErrorCode, ErrorCode][]

test.each(codes)('%s is read back as %s, from an answer and from a stream', (code, expected) => {
  const { status, body } = errorAnswer(new ChatError(code, 'these words'))
  const dialect = chatCompletions()
  expect(dialect.decodeError?.(status, body)).toEqual({ code: expected, message: 'these words' })
  expect(status).toBeGreaterThanOrEqual(400)
  expect(readError(undefined, body).code).toBe(expected)
})

test('how long to wait is told in both headers, and only then', () => {
  const { headers } = errorAnswer(new ChatError('rate-limited', 'slow down', { retryAfterMs: 1_500 }))
  expect(headers).toEqual({ 'retry-after': '2', 'retry-after-ms': '1500' })
  expect(errorAnswer(new ChatError('overloaded', 'no')).headers).toEqual({})
})

test('a caller’s mistake is a bad request; anything else is told without its words', () => {
  expect(errorAnswer(new TypeError('acme does not support "seed".'))).toMatchObject({
    status: 400,
    body: { error: { message: 'acme does not support "seed".', type: 'invalid_request_error' } },
  })
  const bug = errorAnswer(new RangeError('the secret is 42'))
  expect(bug.status).toBe(500)
  expect(JSON.stringify(bug)).not.toContain('42')
})
