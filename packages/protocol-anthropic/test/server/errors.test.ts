import { ChatError, type ErrorCode } from '@rivulet/core'
import { expect, test } from 'vitest'
import { messagesServer } from '../../src/index.ts'

const server = messagesServer()

/** @see https://platform.claude.com/docs/en/api/errors (2026-11-20) */
const WIRE: Readonly<Record<ErrorCode, readonly [status: number, type: string]>> = {
  auth: [401, 'authentication_error'],
  quota: [402, 'billing_error'],
  'rate-limited': [429, 'rate_limit_error'],
  'bad-request': [400, 'invalid_request_error'],
  'context-length': [413, 'request_too_large'],
  'not-found': [404, 'not_found_error'],
  'content-filter': [400, 'invalid_request_error'],
  overloaded: [529, 'overloaded_error'],
  timeout: [504, 'timeout_error'],
  network: [502, 'api_error'],
  truncated: [502, 'api_error'],
  malformed: [502, 'api_error'],
  unsupported: [400, 'invalid_request_error'],
  exhausted: [503, 'api_error'],
}

test.each(Object.entries(WIRE) as [ErrorCode, (typeof WIRE)[ErrorCode]][])(
  '%s has the status and the type %j',
  (code, [status, type]) => {
    const { status: given, headers, body } = server.error(new ChatError(code, 'these words'))
    expect([given, headers, JSON.parse(body)]).toEqual([
      status,
      { 'content-type': 'application/json' },
      { type: 'error', error: { type, message: 'these words' } },
    ])
  },
)

test('says how long to wait, in whole seconds', () => {
  expect(server.error(new ChatError('rate-limited', 'slow', { retryAfterMs: 1_200 })).headers).toMatchObject({
    'retry-after': '2',
  })
})

test('a mistake in the request is said in its words; a fault of the server is not', () => {
  const wrong = server.error(new TypeError('model: must be a string'))
  expect([wrong.status, wrong.body]).toEqual([400, expect.stringContaining('model: must be a string')])
  const broken = server.error(new Error('secret'))
  expect([broken.status, broken.body]).toEqual([502, expect.not.stringContaining('secret')])
})
