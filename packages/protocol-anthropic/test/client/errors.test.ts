import type { ErrorCode } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { messages } from '../../src/index.ts'
import { read, say, sse, start, started } from '../support/decoding.ts'

const error = (type: string, message: string, details?: object) => ({
  type: 'error',
  error: { type, message, ...(details !== undefined && { details }) },
  request_id: 'req_1',
})

/**
 * Error bodies, each with its code.
 *
 * @see https://platform.claude.com/docs/en/api/errors (2026-11-20); `error_code`s from version 1.11.0 of the vendor's SDK
 */
const ERRORS: [status: number, body: object, code: ErrorCode][] = [
  [400, error('invalid_request_error', 'messages: at least one message is required'), 'bad-request'],
  [400, error('invalid_request_error', '"thinking.type.disabled" is not supported for this model.'), 'bad-request'],
  [400, error('invalid_request_error', 'prompt is too long: 205148 tokens > 200000 maximum'), 'context-length'],
  [
    400,
    error('invalid_request_error', 'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000'),
    'context-length',
  ],
  [400, error('invalid_request_error', 'Your credit balance is too low to access the API.'), 'quota'],
  [400, error('invalid_request_error', 'You have reached your specified API usage limits.'), 'quota'],
  [400, error('invalid_request_error', 'On hold.', { error_code: 'organization_on_hold' }), 'auth'],
  [401, error('authentication_error', 'invalid x-api-key'), 'auth'],
  [402, error('billing_error', 'Check your payment details.'), 'quota'],
  [402, error('billing_error', 'No.', { error_code: 'linked_organization_spend_limit_reached' }), 'quota'],
  [403, error('permission_error', 'Your API key does not have permission to use the resource.'), 'auth'],
  [404, error('not_found_error', 'model: claude-9'), 'not-found'],
  [413, error('request_too_large', 'Request exceeds the maximum size'), 'context-length'],
  [429, error('rate_limit_error', 'This request would exceed your rate limit.'), 'rate-limited'],
  [429, error('rate_limit_error', 'Slow down.', { error_code: 'ramp_limit_exceeded' }), 'rate-limited'],
  [429, error('rate_limit_error', 'The end of the month.', { error_code: 'enforced_spend_limit_reached' }), 'quota'],
  [429, error('rate_limit_error', 'The end.', { error_code: 'contract_spend_limit_reached' }), 'quota'],
  [500, error('api_error', 'Internal server error'), 'overloaded'],
  [504, error('timeout_error', 'Request timed out'), 'timeout'],
  [529, error('overloaded_error', 'Overloaded'), 'overloaded'],
]

describe('an error', () => {
  test.each(ERRORS)('with status %i and the body %j is %s', (status, body, code) => {
    expect(messages().decodeError?.(status, body)).toMatchObject({ code })
  })

  test.each(ERRORS.filter(([, , code]) => code !== 'bad-request'))(
    'inside an answer (%i, %j) is %s',
    (_, body, code) => {
      const sent = sse(start(), say('Half'), { type: 'error', ...body })
      expect(read(sent)).toMatchObject({ events: [started, { type: 'text', text: 'Half' }], failure: { code } })
      expect(read(`event: error\ndata: ${JSON.stringify(body)}\n\n`).failure).toMatchObject({ code })
    },
  )

  test('after text of a learnt envelope is an error, even by the name of its event alone', () => {
    const texts = sse(start(), say('a'), say('b'))
    const sent = `${texts}${sse(say('c')).replace('event: content_block_delta', 'event: error')}`
    expect(read(sent)).toMatchObject({ failure: { code: 'overloaded' } })
  })
})
