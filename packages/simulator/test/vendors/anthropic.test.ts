import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { send } from '../client.ts'
import {
  bothTools,
  changed,
  datas,
  get,
  weatherInput,
  isPerson,
  type Json,
  json,
  person,
  time,
  weather,
  zone,
} from './requests.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())

const say = (content: unknown) => ({ messages: [{ role: 'user', content }] })
const whole = (fields: Json) => json(sim, changed(sim, 'anthropic', { stream: false, ...fields }))
const events = async (fields: Json) => datas((await send(sim, changed(sim, 'anthropic', fields))).text)
const tools = [
  { name: 'get_weather', input_schema: weather },
  { name: 'get_time', input_schema: time },
]
/** Not validated here, like everything that a test asserts. */
const contentOf = ({ body }: { body: Json }) => body.content as Json[]

describe('Anthropic', () => {
  test('answers with a document and its usage', async () => {
    expect((await whole(say('count to 3'))).body).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-5-5',
      content: [{ type: 'text', text: '1, 2, 3.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 10, output_tokens: 6, cache_read_input_tokens: 0 },
    })
  })

  test('streams a message: start, blocks, end', async () => {
    const found = await events(say('say ab'))
    expect(found.map(({ type }) => type)).toEqual([
      'message_start',
      'ping',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(found.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } })
  })

  test('signs its reasoning and accepts it back with the calls that followed', async () => {
    const rest = { tools, thinking: { type: 'adaptive' } }
    const content = contentOf(await whole({ ...say(bothTools), ...rest }))
    const [thought, ...calls] = content
    expect(thought).toMatchObject({ type: 'thinking', signature: expect.stringMatching(/=$/) as string })
    expect(calls.map(({ name, input }) => [name, input])).toEqual([
      ['get_weather', weatherInput],
      ['get_time', zone],
    ])
    const results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'fine' }))
    const back = (assistant: Json[], user: Json[]) =>
      whole({
        ...rest,
        messages: [
          ...say(bothTools).messages,
          { role: 'assistant', content: assistant },
          { role: 'user', content: user },
        ],
      })
    expect(JSON.stringify((await back(content, results)).body)).toContain('The tools answered: fine; fine')
    const forged = await back([{ ...thought, thinking: 'else' }, ...calls], results)
    expect(forged).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('signature') as string } },
    })
    expect((await back(content, results.slice(1))).status).toBe(400)
    expect((await back(content.slice(0, 1), results)).status).toBe(400)
  })

  test('streams reasoning, and omits it on request', async () => {
    const shown = await events({ thinking: { type: 'enabled', budget_tokens: 1024 } })
    expect(shown.filter(({ delta }) => (delta as Json | undefined)?.type === 'thinking_delta').length).toBeGreaterThan(
      5,
    )
    const hidden = await whole({ thinking: { type: 'adaptive', display: 'omitted' } })
    expect(contentOf(hidden)[0]).toMatchObject({ type: 'thinking', thinking: '' })
    expect(contentOf(await whole({ thinking: { type: 'disabled' } }))).toHaveLength(1)
  })

  test.each([
    [{ tool_choice: { type: 'any' } }, ['get_weather']],
    [{ tool_choice: { type: 'tool', name: 'get_time' } }, ['get_time']],
    [{ tool_choice: { type: 'none' }, ...say(bothTools) }, []],
    [{ tool_choice: { type: 'auto', disable_parallel_tool_use: true }, ...say(bothTools) }, ['get_weather']],
  ])('obeys tool_choice: %j', async (fields, names) => {
    const calls = contentOf(await whole({ ...fields, tools })).filter(({ type }) => type === 'tool_use')
    expect(calls.map(({ name }) => name)).toEqual(names)
  })

  test('satisfies a schema', async () => {
    const age = { type: 'integer', enum: [18, 19, 20] }
    const schema = { ...person, properties: { ...person.properties, age }, additionalProperties: false }
    const format = { type: 'json_schema', schema }
    const [block] = contentOf(await whole({ ...say('a person'), output_config: { format } }))
    expect(isPerson(String(block?.text))).toBe(true)
  })

  test.each([
    [{ max_tokens: 3 }, { stop_reason: 'max_tokens', content: [{ text: '1, 2' }] }],
    [
      { stop_sequences: ['5'] },
      { stop_reason: 'stop_sequence', stop_sequence: '5', content: [{ text: '1, 2, 3, 4, ' }] },
    ],
    [say('refuse this'), { stop_reason: 'refusal', stop_details: { type: 'refusal' } }],
    [
      { messages: [...say('count to 5').messages, { role: 'assistant', content: '1, 2,' }] },
      { content: [{ text: ' 3, 4, 5.' }] },
    ],
  ])('stops where the request says: %j', async (fields, found) => {
    expect((await whole({ ...say('count to 9'), ...fields })).body).toMatchObject(found)
  })

  test('accepts images, and counts cached tokens separately', async () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
    expect(JSON.stringify((await whole(say([image, { type: 'text', text: 'what?' }]))).body)).toContain(
      'I see an image',
    )
    const hint = { cache_control: { type: 'ephemeral' } }
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'x'.repeat(5000), ...hint }] },
      { role: 'assistant', content: 'well' },
      { role: 'user', content: 'hello' },
    ]
    const { body } = await whole({ system: 'Be kind.', messages })
    expect(body).toMatchObject({ usage: { cache_read_input_tokens: 1152 } })
  })

  test('lists its models', async () => {
    expect((await get(sim, 'anthropic', '/v1/models?limit=1000')).body).toMatchObject({
      has_more: false,
      first_id: 'claude-opus-5-5',
    })
    expect((await get(sim, 'anthropic', '/v1/models/claude-0')).status).toBe(404)
  })

  test.each<[string, Json, number, string, string]>([
    ['an unknown field', { top: 1 }, 400, 'invalid_request_error', 'top: Extra inputs are not permitted'],
    ['no max_tokens', { max_tokens: undefined }, 400, 'invalid_request_error', 'max_tokens: Field required'],
    [
      'an unknown nested field',
      say([{ type: 'text', text: 'x', at: 1 }]),
      400,
      'invalid_request_error',
      'messages.0.content.0.at: Extra inputs are not permitted',
    ],
    [
      'an empty text',
      say([{ type: 'text', text: '' }]),
      400,
      'invalid_request_error',
      'messages: text content blocks must be non-empty',
    ],
    [
      'a budget above max_tokens',
      { thinking: { type: 'enabled', budget_tokens: 4096 } },
      400,
      'invalid_request_error',
      '`max_tokens` must be greater than `thinking.budget_tokens`.',
    ],
    ['an unknown model', { model: 'claude-0' }, 404, 'not_found_error', 'model: claude-0'],
  ])('rejects %s', async (_what, fields, status, type, message) => {
    expect(await whole(fields)).toMatchObject({ status, body: { type: 'error', error: { type, message } } })
  })

  test('requires a key and a version; the newer version rejects sampling fields', async () => {
    const request = changed(sim, 'anthropic', { temperature: 0.5 })
    const json400 = { status: 400, body: { error: { message: 'temperature: Extra inputs are not permitted' } } }
    const version = (date: string) => ({ ...request, headers: { ...request.headers, 'anthropic-version': date } })
    expect((await send(sim, request)).status).toBe(200)
    expect(await json(sim, version('2026-10-21'))).toMatchObject(json400)
    expect((await json(sim, version('2020-01-01'))).status).toBe(400)
    const { 'x-api-key': _key, ...headers } = { 'x-api-key': '', ...request.headers }
    expect(await json(sim, { ...request, headers })).toMatchObject({
      status: 401,
      body: { error: { type: 'authentication_error' } },
    })
    expect((await send(sim, { ...request, headers: { ...headers, authorization: 'Bearer sk-test' } })).status).toBe(200)
  })

  test('reports errors in the middle of an answer and by status', async () => {
    sim.fault('anthropic', { kind: 'error-mid-stream', times: 1 })
    const { text } = await send(sim, changed(sim, 'anthropic', say('count to 9')))
    expect(text).toMatch(/event: error\ndata: \{"type":"error","error":\{"type":"overloaded_error"/)
    sim.fault('anthropic', { kind: 'retry-after', times: 1 })
    expect(await whole({})).toMatchObject({ status: 429, body: { error: { type: 'rate_limit_error' } } })
  })
})
