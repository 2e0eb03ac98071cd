import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../src/index.ts'
import { contentOf, events, type Name, parse, send, type Sent, type Valid, valid } from './client.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())

type Request = Valid
type Refused = [what: string, spoil: (request: Request) => Sent, status: number, code: string, param: string | null]

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
    const { [field]: _left, ...rest } = request.body
    return { ...request, body: rest }
  }
const path =
  (change: (path: string) => string) =>
  (request: Request): Sent => ({ ...request, path: change(request.path) })
const model = (changed: Record<string, unknown>) =>
  body({ model: { id: 'gpt-4', name: 'GPT-4', maxLength: 24_000, tokenLimit: 8000, ...changed } })

const common: Refused[] = [
  ['another path', path((old) => `${old}s`), 404, 'not_found', 'path'],
  ['another method', (request) => ({ ...request, method: 'PUT' }), 405, 'method_not_allowed', 'method'],
  ['a query parameter that is not known', path((old) => `${old}?key=1`), 400, 'unknown_parameter', 'key'],
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
  ['a field that is not known', body({ temprature: 1 }), 400, 'unknown_field', 'temprature'],
  ['no messages', without('messages'), 400, 'missing_field', 'messages'],
  ['messages that are not a list', body({ messages: 'hello' }), 400, 'wrong_type', 'messages'],
  ['an empty list of messages', body({ messages: [] }), 400, 'wrong_value', 'messages'],
  [
    'a role that is not known',
    body({ messages: [{ role: 'me', content: '' }] }),
    400,
    'wrong_value',
    'messages[0].role',
  ],
  [
    'content that is not a string',
    body({ messages: [{ role: 'user', content: [] }] }),
    400,
    'wrong_type',
    'messages[0].content',
  ],
  [
    'a message with a field too many',
    body({ messages: [{ role: 'user', content: '', at: 1 }] }),
    400,
    'unknown_field',
    'messages[0].at',
  ],
  ['no model', without('model'), 400, 'missing_field', 'model'],
  ['a fault in a header that is not known', headers({ 'x-simulate': 'truncat' }), 400, 'wrong_header', 'x-simulate'],
]

const openai: Refused[] = [
  ['a model that is not known', body({ model: 'gpt-5' }), 404, 'model_not_found', 'model'],
  ['a model that is not a string', body({ model: {} }), 400, 'wrong_type', 'model'],
  ['no temperature', without('temperature'), 400, 'missing_field', 'temperature'],
  ['a temperature in words', body({ temperature: '0.7' }), 400, 'wrong_type', 'temperature'],
  ['a temperature out of range', body({ temperature: 3 }), 400, 'wrong_value', 'temperature'],
  ['stream: false', body({ stream: false }), 400, 'wrong_value', 'stream'],
]

const cases: Record<Name, Refused[]> = {
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
    ['a model by its name', body({ model: 'gpt-4' }), 400, 'wrong_type', 'model'],
    ['a model that is not known', model({ id: 'gpt-5' }), 404, 'model_not_found', 'model'],
    ['a model with another limit', model({ maxLength: 1 }), 400, 'wrong_value', 'model.maxLength'],
    ['a model without a name', model({ name: undefined }), 400, 'missing_field', 'model.name'],
    ['a model with a field too many', model({ price: 1 }), 400, 'unknown_field', 'model.price'],
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

describe.each(Object.entries(cases))('%s refuses', (dialect, refused) => {
  test.each(refused)('%s', async (_what, spoil, status, code, param) => {
    const seen = await send(sim, spoil(valid(sim, dialect as Name)))
    const type = status === 401 ? 'authentication_error' : 'invalid_request_error'
    expect({ status: seen.status, error: parse(seen.text).error }).toMatchObject({
      status,
      error: { type, code, param },
    })
    expect(parse(seen.text).error?.message.startsWith(`${dialect}: `)).toBe(true)
    expect(sim.requests.at(-1)).toMatchObject({ dialect, status, answer: '' })
  })
})

test('a refusal names the field and lists those that are known', async () => {
  const seen = await send(sim, body({ temprature: 1 })(valid(sim, 'lockchat')))
  expect(parse(seen.text).error?.message).toBe(
    'lockchat: body field "temprature" is not known; fields: temperature, messages, model, stream',
  )
})

test('a refused request does not use up a fault', async () => {
  sim.fault('lockchat', { kind: 'empty-200', times: 1 })
  expect((await send(sim, body({ model: 'x' })(valid(sim, 'lockchat')))).status).toBe(404)
  expect(await send(sim, valid(sim, 'lockchat'))).toMatchObject({ status: 200, text: '' })
})

test('a path that leads to no dialect lists those that there are', async () => {
  const seen = await send(sim, { path: '/v1/chat', headers: {}, body: '{}' })
  expect(seen.status).toBe(404)
  expect(seen.text).toContain(
    '/gravityengine, /liaobots, /lockchat, /openai, /openai-responses, /anthropic, /google, /ollama, /_simulator',
  )
  expect(sim.requests.at(-1)?.dialect).toBe('none')
})

test('lenient lets unknown fields pass, and nothing else', async () => {
  await using lenient = await simulator({ lenient: true })
  expect((await send(lenient, body({ top_p: 1 })(valid(lenient, 'lockchat')))).status).toBe(200)
  expect((await send(lenient, body({ temperature: '1' })(valid(lenient, 'lockchat')))).status).toBe(400)
})

test('credentials demand one exact value', async () => {
  await using strict = await simulator({ credentials: { liaobots: 'right', lockchat: 'right' } })
  const code = async (value: string) =>
    (await send(strict, headers({ 'x-auth-code': value })(valid(strict, 'liaobots')))).status
  const auth = async (query: string) =>
    (await send(strict, path((old) => old + query)(valid(strict, 'lockchat')))).status
  expect([await code('wrong'), await code('right')]).toEqual([401, 200])
  expect([await auth(''), await auth('?auth=wrong'), await auth('?auth=right')]).toEqual([401, 401, 200])
  expect(strict.dialects.slice(0, 3).map(({ id, credential }) => [id, credential])).toEqual([
    ['gravityengine', undefined],
    ['liaobots', 'right'],
    ['lockchat', 'right'],
  ])
})

test('a tool conversation is accepted where tools can be carried', async () => {
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
  const seen = await send(sim, body({ messages })(valid(sim, 'lockchat')))
  expect(contentOf(events(seen.text))).toContain('21 degrees')
  expect((await send(sim, body({ messages })(valid(sim, 'liaobots')))).status).toBe(400)
})
