import { ChatError, type ErrorCode } from '@rivulet/core'
import { expect, test } from 'vitest'
import { chatCompletionsServer } from '../../src/index.ts'

const server = chatCompletionsServer()
/** The answer to a failure, with its body parsed. */
const answerTo = (error: unknown): { status: number; headers: Record<string, string>; body: unknown } => {
  const { body, ...rest } = server.error(error)
  return { ...rest, body: JSON.parse(body) }
}

/** @see https://platform.openai.com/docs/guides/error-codes (2026-11-20) */
const WIRE: Readonly<Record<ErrorCode, readonly [status: number, type: string, code: string | null]>> = {
  auth: [401, 'authentication_error', 'invalid_api_key'],
  quota: [429, 'insufficient_quota', 'insufficient_quota'],
  'rate-limited': [429, 'requests', 'rate_limit_exceeded'],
  'bad-request': [400, 'invalid_request_error', null],
  'context-length': [400, 'invalid_request_error', 'context_length_exceeded'],
  'not-found': [404, 'invalid_request_error', 'model_not_found'],
  'content-filter': [400, 'invalid_request_error', 'content_filter'],
  unsupported: [400, 'invalid_request_error', 'unsupported_value'],
  overloaded: [503, 'server_error', 'overloaded'],
  timeout: [504, 'server_error', 'timeout'],
  network: [502, 'server_error', 'upstream_unavailable'],
  truncated: [502, 'server_error', 'upstream_truncated'],
  malformed: [502, 'server_error', 'upstream_malformed'],
  exhausted: [503, 'server_error', 'all_upstreams_failed'],
}

test.each(Object.entries(WIRE) as [ErrorCode, (typeof WIRE)[ErrorCode]][])(
  '%s has the status, the type and the code %j',
  (code, [status, type, wireCode]) => {
    expect(answerTo(new ChatError(code, 'these words'))).toEqual({
      status,
      headers: { 'content-type': 'application/json' },
      body: { error: { message: 'these words', type, param: null, code: wireCode } },
    })
  },
)

test('both headers say how long to wait, when the error does', () => {
  const { headers } = answerTo(new ChatError('rate-limited', 'slow down', { retryAfterMs: 1_500 }))
  expect(headers).toMatchObject({ 'retry-after': '2', 'retry-after-ms': '1500' })
  expect(answerTo(new ChatError('overloaded', 'no')).headers).toEqual({ 'content-type': 'application/json' })
})

test('a TypeError is a bad request; any other error is a 500 without its message', () => {
  expect(answerTo(new TypeError('acme does not support "seed".'))).toMatchObject({
    status: 400,
    body: { error: { message: 'acme does not support "seed".', type: 'invalid_request_error' } },
  })
  const bug = answerTo(new RangeError('the secret is 42'))
  expect(bug.status).toBe(500)
  expect(JSON.stringify(bug)).not.toContain('42')
})
