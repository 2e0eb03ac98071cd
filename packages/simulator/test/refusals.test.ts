import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../src/index.ts'
import {
  contentOf,
  events,
  type OriginalDialect,
  parse,
  send,
  type Sent,
  type ValidRequest,
  validRequest,
} from './client.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())

type Request = ValidRequest
type RejectedCase = [
  what: string,
  invalidate: (request: Request) => Sent,
  status: number,
  code: string,
  param: string | null,
]

const body =
  (fields: Record<string, unknown>) =>
  (request: Request): Sent => ({ ...request, body: { ...request.body, ...fields } })
const headers =
  (changed: Record<string, string>) =>
  (request: Request): Sent => ({
    ...request,
    headers: { ...request.headers, ...changed },
  })
const without =
  (field: string) =>
  (request: Request): Sent => {
    const { [field]: _removed, ...rest } = request.body
    return { ...request, body: rest }
  }
const path =
  (change: (path: string) => string) =>
  (request: Request): Sent => ({ ...request, path: change(request.path) })
const model = (changed: Record<string, unknown>) =>
  body({ model: { id: 'gpt-4', name: 'GPT-4', maxLength: 24_000, tokenLimit: 8000, ...changed } })

const common: RejectedCase[] = [
  ['another path', path((old) => `${old}s`), 404, 'not_found', 'path'],
  ['another method', (request) => ({ ...request, method: 'PUT' }), 405, 'method_not_allowed', 'method'],
  ['an unknown query parameter', path((old) => `${old}?key=1`), 400, 'unknown_parameter', 'key'],
  ['another content type', headers({ 'content-type': 'text/plain' }), 415, 'wrong_header', 'content-type'],
  ['a body that is not JSON', (request) => ({ ...request, body: '{' }), 400, 'invalid_json', 'body'],
  ['a body that is not an object', (request) => ({ ...request, body: '[]' }), 400, 'invalid_json', 'body'],
  [
    'a body over 10 MiB',
    (request) => ({ ...request, body: ' '.repeat(10 * 1024 * 1024 + 1) }),
    413,
    'body_too_large',
    'body',
  ],
  ['an unknown field', body({ temprature: 1 }), 400, 'unknown_field', 'temprature'],
  ['no messages', without('messages'), 400, 'missing_field', 'messages'],
  ['messages that are not a list', body({ messages: 'hello' }), 400, 'wrong_type', 'messages'],
  ['an empty list of messages', body({ messages: [] }), 400, 'wrong_value', 'messages'],
  ['an unknown role', body({ messages: [{ role: 'me', content: '' }] }), 400, 'wrong_value', 'messages[0].role'],
  [
    'content that is not a string',
    body({ messages: [{ role: 'user', content: [] }] }),
    400,
    'wrong_type',
    'messages[0].content',
  ],
  [
    'a message with an extra field',
    body({ messages: [{ role: 'user', content: '', at: 1 }] }),
    400,
    'unknown_field',
    'messages[0].at',
  ],
  ['no model', without('model'), 400, 'missing_field', 'model'],
  ['an unknown fault in a header', headers({ 'x-simulate': 'truncat' }), 400, 'wrong_header', 'x-simulate'],
]

const openai: RejectedCase[] = [
  ['an unknown model', body({ model: 'gpt-5' }), 404, 'model_not_found', 'model'],
  ['a model that is not a string', body({ model: {} }), 400, 'wrong_type', 'model'],
  ['no temperature', without('temperature'), 400, 'missing_field', 'temperature'],
  ['a temperature as a string', body({ temperature: '0.7' }), 400, 'wrong_type', 'temperature'],
  ['a temperature out of range', body({ temperature: 3 }), 400, 'wrong_value', 'temperature'],
  ['stream: false', body({ stream: false }), 400, 'wrong_value', 'stream'],
]

const cases: Record<OriginalDialect, RejectedCase[]> = {
  gravityengine: [
    ...common,
    ...openai,
    ['no presence_penalty', without('presence_penalty'), 400, 'missing_field', 'presence_penalty'],
  ],
  lockchat: [
    ...common,
    ...openai,
    ['no stream', without('stream'), 400, 'missing_field', 'stream'],
    ['an empty credential', path((old) => `${old}?auth=`), 401, 'missing_credential', 'auth'],
    ['a credential given twice', path((old) => `${old}?auth=a&auth=b`), 400, 'wrong_value', 'auth'],
    ['an empty user-agent', headers({ 'user-agent': '' }), 400, 'missing_header', 'user-agent'],
  ],
  liaobots: [
    ...common,
    ['no credential', headers({ 'x-auth-code': '' }), 401, 'missing_credential', 'x-auth-code'],
    ['another authority', headers({ authority: 'liaobots.com' }), 400, 'wrong_header', 'authority'],
    ['another origin', headers({ origin: 'https://liaobots.com' }), 400, 'wrong_header', 'origin'],
    ['no referer', headers({ referer: '' }), 400, 'missing_header', 'referer'],
    ['an empty user-agent', headers({ 'user-agent': '' }), 400, 'missing_header', 'user-agent'],
    ['a conversation without a UUID', body({ conversationId: '1' }), 400, 'wrong_value', 'conversationId'],
    [
      'a UUID of another version',
      body({ conversationId: '6b1cbd6a-7a5e-1d0e-9d4f-1f2f3a4b5c6d' }),
      400,
      'wrong_value',
      'conversationId',
    ],
    ['a model as a string', body({ model: 'gpt-4' }), 400, 'wrong_type', 'model'],
    ['an unknown model', model({ id: 'gpt-5' }), 404, 'model_not_found', 'model'],
    ['a model with another limit', model({ maxLength: 1 }), 400, 'wrong_value', 'model.maxLength'],
    ['a model without a name', model({ name: undefined }), 400, 'missing_field', 'model.name'],
    ['a model with an extra field', model({ price: 1 }), 400, 'unknown_field', 'model.price'],
    ['a key', body({ key: 'sk' }), 400, 'wrong_value', 'key'],
    ['no prompt', without('prompt'), 400, 'missing_field', 'prompt'],
    [
      'messages that are too long',
      body({ messages: [{ role: 'user', content: 'x'.repeat(24_001) }] }),
      400,
      'context_length_exceeded',
      'messages',
    ],
  ],
}

describe.each(Object.entries(cases))('%s rejects', (dialect, refused) => {
  test.each(refused)('%s', async (_what, invalidate, status, code, param) => {
    const response = await send(sim, invalidate(validRequest(sim, dialect as OriginalDialect)))
    const type = status === 401 ? 'authentication_error' : 'invalid_request_error'
    expect({ status: response.status, error: parse(response.text).error }).toMatchObject({
      status,
      error: { type, code, param },
    })
    expect(parse(response.text).error?.message.startsWith(`${dialect}: `)).toBe(true)
    expect(sim.requests.at(-1)).toMatchObject({ dialect, status, answer: '' })
  })
})

test('an error names the unknown field and lists the known ones', async () => {
  const response = await send(sim, body({ temprature: 1 })(validRequest(sim, 'lockchat')))
  expect(parse(response.text).error?.message).toBe(
    'lockchat: unknown body field "temprature"; fields: temperature, messages, model, stream',
  )
})

test('a rejected request does not use up a fault', async () => {
  sim.fault('lockchat', { kind: 'empty-200', times: 1 })
  expect((await send(sim, body({ model: 'x' })(validRequest(sim, 'lockchat')))).status).toBe(404)
  expect(await send(sim, validRequest(sim, 'lockchat'))).toMatchObject({ status: 200, text: '' })
})

test('a path without a dialect gets the list of dialects', async () => {
  const response = await send(sim, { path: '/v1/chat', headers: {}, body: '{}' })
  expect(response.status).toBe(404)
  expect(response.text).toContain(
    '/gravityengine, /liaobots, /lockchat, /openai, /openai-responses, /anthropic, /google, /ollama, /_simulator',
  )
  expect(sim.requests.at(-1)?.dialect).toBe('none')
})

test('lenient accepts unknown fields and nothing else', async () => {
  await using lenient = await simulator({ lenient: true })
  expect((await send(lenient, body({ top_p: 1 })(validRequest(lenient, 'lockchat')))).status).toBe(200)
  expect((await send(lenient, body({ temperature: '1' })(validRequest(lenient, 'lockchat')))).status).toBe(400)
})

test('credentials require one exact value', async () => {
  await using strict = await simulator({ credentials: { liaobots: 'right', lockchat: 'right' } })
  const code = async (value: string) =>
    (await send(strict, headers({ 'x-auth-code': value })(validRequest(strict, 'liaobots')))).status
  const auth = async (query: string) =>
    (await send(strict, path((old) => old + query)(validRequest(strict, 'lockchat')))).status
  expect([await code('wrong'), await code('right')]).toEqual([401, 200])
  expect([await auth(''), await auth('?auth=wrong'), await auth('?auth=right')]).toEqual([401, 401, 200])
  expect(strict.dialects.slice(0, 3).map(({ id, credential }) => [id, credential])).toEqual([
    ['gravityengine', undefined],
    ['liaobots', 'right'],
    ['lockchat', 'right'],
  ])
})

test('a tool conversation is accepted by dialects with tools', async () => {
  const messages = [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'call the weather tool' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: '21 degrees' },
  ]
  const response = await send(sim, body({ messages })(validRequest(sim, 'lockchat')))
  expect(contentOf(events(response.text))).toContain('21 degrees')
  expect((await send(sim, body({ messages })(validRequest(sim, 'liaobots')))).status).toBe(400)
})
