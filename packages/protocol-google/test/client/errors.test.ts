import type { ErrorCode } from '@rivulet/core'
import { answered, testErrors } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { acme, request } from '../support/acme.ts'

const error = (code: number, status: string, message: string, details: object[] = []) => ({
  error: { code, message, status, ...(details.length > 0 && { details }) },
})
const quota = (quotaId: string, quotaValue = '20') => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric: 'generativelanguage.googleapis.com/x', quotaId, quotaValue }],
})
const retry = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
const EXCEEDED = 'You exceeded your current quota, please check your plan and billing details.'
const PER_MINUTE = 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier'
const PER_DAY = 'GenerateRequestsPerDayPerProjectPerModel-FreeTier'

/**
 * Error bodies, each with its code and the wait that the endpoint asks for.
 *
 * @see https://ai.google.dev/gemini-api/docs/troubleshooting (2026-11-20)
 * @see https://ai.google.dev/gemini-api/docs/rate-limits (2026-11-20)
 */
const ERRORS: [body: { error: { code: number } }, code: ErrorCode, retryAfterMs?: number][] = [
  [error(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received. Unknown name "x"'), 'bad-request'],
  [error(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'), 'auth'],
  [
    error(400, 'INVALID_ARGUMENT', 'Nein.', [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' },
    ]),
    'auth',
  ],
  [
    error(
      400,
      'INVALID_ARGUMENT',
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    ),
    'context-length',
  ],
  [error(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'), 'bad-request'],
  [error(403, 'PERMISSION_DENIED', 'Your API key does not have the required permissions.'), 'auth'],
  [error(404, 'NOT_FOUND', 'models/gemini-0 is not found for API version v1beta'), 'not-found'],
  [error(429, 'RESOURCE_EXHAUSTED', EXCEEDED, [quota(PER_MINUTE), retry('46s')]), 'rate-limited', 46_000],
  [error(429, 'RESOURCE_EXHAUSTED', EXCEEDED, [quota(PER_MINUTE), retry('0.5s')]), 'rate-limited', 500],
  [error(429, 'RESOURCE_EXHAUSTED', EXCEEDED, [quota(PER_DAY), retry('35640s')]), 'quota', 35_640_000],
  [error(429, 'RESOURCE_EXHAUSTED', EXCEEDED, [quota(PER_MINUTE, '0')]), 'quota'],
  [error(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'), 'rate-limited'],
  [error(429, 'RESOURCE_EXHAUSTED', EXCEEDED, [retry('soon')]), 'rate-limited'],
  [error(500, 'INTERNAL', 'An internal error has occurred.'), 'overloaded'],
  [error(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'), 'overloaded'],
  [error(504, 'DEADLINE_EXCEEDED', 'The request timed out.'), 'timeout'],
]

const recorded = ERRORS.map(([body, code, retryAfterMs]) => ({
  status: body.error.code,
  body,
  code,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
}))
const inLists = recorded.map((error) => ({ ...error, body: [error.body] }))

testErrors({ runner: { describe, it }, provider: acme, request, errors: [...recorded, ...inLists] })

test.each(ERRORS)('%j has the same code inside an answer', async (body, code, retryAfterMs) => {
  await expect(answered({ body: JSON.stringify(body) }, acme).resultOf(request)).rejects.toMatchObject({
    code,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
})

test('the wait in the header takes precedence over the wait in the body', async () => {
  const body = JSON.stringify(error(429, 'RESOURCE_EXHAUSTED', EXCEEDED, [retry('46s')]))
  const { resultOf } = answered({ status: 429, headers: { 'retry-after': '2' }, body }, acme)
  await expect(resultOf(request)).rejects.toMatchObject({ retryAfterMs: 2000 })
})
