import { expect, test } from 'vitest'
import { readErrorBody } from '../../src/dialect/error-body.ts'
import { codeOfStatus, type ErrorCode } from '../../src/error-codes.ts'

const openai = (message: string, type: string, code: string | null = null): unknown => ({
  error: { message, type, param: null, code },
})
const anthropic = (type: string, message: string): unknown => ({ type: 'error', error: { type, message } })
const google = (code: number, status: string, message: string): unknown => ({ error: { code, message, status } })

/** Error bodies as the endpoints send them, with the code that each means. */
const refusals: [who: string, status: number, body: unknown, code: ErrorCode][] = [
  ['OpenAI', 401, openai('Incorrect API key provided: sk-***.', 'invalid_request_error', 'invalid_api_key'), 'auth'],
  ['OpenAI', 429, openai('Rate limit reached for gpt-4o', 'tokens', 'rate_limit_exceeded'), 'rate-limited'],
  ['OpenAI', 429, openai('You exceeded your current quota', 'insufficient_quota', 'insufficient_quota'), 'quota'],
  [
    'OpenAI',
    400,
    openai("This model's maximum context length is 8192 tokens.", 'invalid_request_error', 'context_length_exceeded'),
    'context-length',
  ],
  [
    'OpenAI',
    400,
    openai('Your request was rejected by our safety system.', 'invalid_request_error', 'content_policy_violation'),
    'content-filter',
  ],
  ['OpenAI', 404, openai('The model `gpt-9` does not exist', 'invalid_request_error', 'model_not_found'), 'not-found'],
  ['OpenAI', 400, openai("Invalid value: 'x'.", 'invalid_request_error', 'invalid_value'), 'bad-request'],
  ['OpenAI', 500, openai('The server had an error', 'server_error'), 'overloaded'],
  ['OpenAI', 403, openai('Country not supported', 'request_forbidden', 'unsupported_country_region_territory'), 'auth'],
  ['Anthropic', 401, anthropic('authentication_error', 'invalid x-api-key'), 'auth'],
  ['Anthropic', 403, anthropic('permission_error', 'no access to this model'), 'auth'],
  ['Anthropic', 404, anthropic('not_found_error', 'model: claude-9'), 'not-found'],
  ['Anthropic', 413, anthropic('request_too_large', 'Request exceeds the maximum size'), 'context-length'],
  [
    'Anthropic',
    400,
    anthropic('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    'context-length',
  ],
  [
    'Anthropic',
    400,
    anthropic('invalid_request_error', 'Your credit balance is too low. Please go to Plans & Billing.'),
    'quota',
  ],
  ['Anthropic', 400, anthropic('invalid_request_error', 'max_tokens: Field required'), 'bad-request'],
  ['Anthropic', 429, anthropic('rate_limit_error', 'Number of requests has exceeded your limit'), 'rate-limited'],
  ['Anthropic', 500, anthropic('api_error', 'Internal server error'), 'overloaded'],
  ['Anthropic', 529, anthropic('overloaded_error', 'Overloaded'), 'overloaded'],
  ['Gemini', 400, google(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'), 'auth'],
  ['Gemini', 400, google(400, 'INVALID_ARGUMENT', 'Invalid value at contents'), 'bad-request'],
  ['Gemini', 403, google(403, 'PERMISSION_DENIED', 'Method has not been enabled'), 'auth'],
  ['Gemini', 404, google(404, 'NOT_FOUND', 'models/x is not found'), 'not-found'],
  ['Gemini', 429, google(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota'), 'rate-limited'],
  ['Gemini', 503, google(503, 'UNAVAILABLE', 'The model is overloaded.'), 'overloaded'],
  ['Gemini', 504, google(504, 'DEADLINE_EXCEEDED', 'Deadline expired'), 'timeout'],
  ['Gemini, as a list', 503, [google(503, 'UNAVAILABLE', 'The model is overloaded.')], 'overloaded'],
  ['Groq', 429, openai('Rate limit reached for model `llama`', 'requests', 'rate_limit_exceeded'), 'rate-limited'],
  ['Groq', 404, openai('The model `x` does not exist', 'invalid_request_error', 'model_not_found'), 'not-found'],
  ['Groq', 401, openai('Invalid API Key', 'invalid_request_error', 'invalid_api_key'), 'auth'],
  ['DeepSeek', 402, openai('Insufficient Balance', 'unknown_error', 'invalid_request_error'), 'quota'],
  [
    'DeepSeek',
    401,
    openai('Authentication Fails (no such user)', 'authentication_error', 'invalid_request_error'),
    'auth',
  ],
  ['DeepSeek', 422, openai('Failed to deserialize', 'invalid_request_error', 'invalid_request_error'), 'bad-request'],
  ['Mistral', 401, { detail: 'Unauthorized' }, 'auth'],
  [
    'Mistral',
    422,
    { object: 'error', message: { detail: [{ msg: 'field required' }] }, type: 'invalid_request_error' },
    'bad-request',
  ],
  ['Ollama', 404, { error: "model 'x' not found" }, 'not-found'],
  ['OpenRouter', 402, { error: { code: 402, message: 'Insufficient credits' } }, 'quota'],
  ['a proxy', 502, 'Bad Gateway', 'overloaded'],
  ['a proxy', 429, 'Too Many Requests', 'rate-limited'],
  ['a proxy', 429, 'You have used up your quota', 'quota'],
  ['a proxy', 400, 'Too many tokens in prompt', 'context-length'],
  ['a proxy', 418, undefined, 'bad-request'],
  // These statuses are trusted, whatever the message says.
  ['a proxy', 402, 'Rate limit reached', 'quota'],
  ['a proxy', 404, 'insufficient balance', 'not-found'],
  ['a proxy', 408, 'The model is overloaded', 'timeout'],
  ['a proxy', 413, 'insufficient credit', 'context-length'],
]

test.each(refusals)('%s answers HTTP %i with %j: %s', (_who, status, body, code) => {
  expect(readErrorBody(status, body).code).toBe(code)
})

/** Errors inside an answer that began as a success, so that there is no error status. */
const inBand: [body: unknown, code: ErrorCode][] = [
  [openai('The server had an error', 'server_error'), 'overloaded'],
  [openai('Rate limit reached', 'requests', 'rate_limit_exceeded'), 'rate-limited'],
  [openai('Your context is too long', 'invalid_request_error', 'context_length_exceeded'), 'context-length'],
  [openai('stop must be a string', 'invalid_request_error'), 'bad-request'],
  [anthropic('overloaded_error', 'Overloaded'), 'overloaded'],
  [google(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded'), 'rate-limited'],
  [{ error: { code: 502, message: 'Provider returned error' } }, 'overloaded'],
  [{ error: { code: '429', message: 'slow down' } }, 'rate-limited'],
  [{ error: { status: 401 } }, 'auth'],
  [{ error: 'Rate limit exceeded, try again later' }, 'rate-limited'],
  [{ error: 'Your API key is not known here' }, 'auth'],
  [{ error: 'model gpt-9 not found' }, 'not-found'],
  [{ error: { message: 'Internal Server Error' } }, 'overloaded'],
  [{ error: 'an unknown message' }, 'overloaded'],
  [{ error: {} }, 'overloaded'],
]

test.each(inBand)('inside an answer, %j is %s', (body, code) => {
  expect(readErrorBody(undefined, body).code).toBe(code)
})

test.each<[string, unknown, string]>([
  ['an error object', openai('what happened', 'x'), 'what happened'],
  ['an error that is a string', { error: 'what happened' }, 'what happened'],
  ['a message', { message: 'what happened' }, 'what happened'],
  ['a detail', { detail: 'what happened' }, 'what happened'],
  ['an error with a detail', { error: { detail: 'what happened' } }, 'what happened'],
  [
    'an error, before a message around it',
    { error: { message: 'what happened' }, message: 'an error' },
    'what happened',
  ],
  ['a message beside an error that is null', { error: null, message: 'what happened' }, 'what happened'],
  ['a message beside the error', { error: { code: 1 }, message: 'what happened' }, 'what happened'],
  ['an OAuth error', { error: { error_description: 'what happened' } }, 'what happened'],
  ['a list of details', { detail: [{ msg: 'a' }] }, '[{"msg":"a"}]'],
  ['a list of one error', [openai('what happened', 'x')], 'what happened'],
  [
    'the first of a list of errors',
    { success: false, errors: [{ code: 7003, message: 'what happened' }] },
    'what happened',
  ],
  ['an error in fields of other names', { error_code: 110, error_msg: 'what happened' }, 'what happened'],
  ['an error in an error', { error: { error: { message: 'what happened' } } }, 'what happened'],
  ['an error in an error, as a string', { error: { error: 'what happened' } }, 'what happened'],
  ['a status of its own', { base_resp: { status_code: 1008, status_msg: 'what happened' } }, 'what happened'],
  ['a message after a blank one', { error: { message: ' ', detail: 'what happened' } }, 'what happened'],
  ['a message after one that is null', { error: { message: null, detail: 'what happened' } }, 'what happened'],
  [
    'a message beside a code that is a sentence',
    { code: 'The service is unavailable', error: 'what happened' },
    'what happened',
  ],
  ['plain text', 'what happened', 'what happened'],
  ['nothing', undefined, ''],
])('the message is found in %s', (_shape, body, message) => {
  expect(readErrorBody(500, body).message).toBe(message)
})

test('the code of a list of errors is that of any of them', () => {
  expect(readErrorBody(undefined, [{ message: 'it failed' }, { message: 'Rate limit reached' }]).code).toBe(
    'rate-limited',
  )
})

test('a message is found in six errors around it, and not deeper', () => {
  const wrapped = (times: number): unknown => (times === 0 ? { message: 'x' } : { error: wrapped(times - 1) })
  expect([6, 7].map((times) => readErrorBody(500, wrapped(times)).message)).toEqual(['x', ''])
})

test('data of an `event: error` that is not JSON is the message, and gives the code', () => {
  const words = 'upstream connect error or disconnect/reset before headers'
  expect(readErrorBody(undefined, words)).toEqual({ code: 'overloaded', message: words })
  expect(readErrorBody(undefined, 'prompt is too long').code).toBe('context-length')
  expect(readErrorBody(undefined, ' ')).toEqual({ code: 'overloaded', message: 'an error without a message' })
})

test.each<[ErrorCode, number[]]>([
  ['auth', [401, 403]],
  ['quota', [402]],
  ['not-found', [404]],
  ['bad-request', [400, 405, 409, 415, 418, 422, 301]],
  ['context-length', [413]],
  ['timeout', [408]],
  ['rate-limited', [429]],
  ['overloaded', [500, 501, 502, 503, 504, 520, 529]],
])('%s is the code of the statuses %j', (code, statuses) => {
  expect(statuses.map(codeOfStatus)).toEqual(statuses.map(() => code))
})
