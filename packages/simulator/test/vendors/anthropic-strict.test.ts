import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { send } from '../client.ts'
import { changed, datas, type Json, json } from './requests.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterAll(() => sim.close())

const whole = (fields: Json) => json(sim, changed(sim, 'anthropic', { stream: false, ...fields }))
const user = (content: unknown): Json => ({ role: 'user', content })
const assistant = (content: unknown): Json => ({ role: 'assistant', content })
const marked = (text: string, ttl?: string): Json => ({
  type: 'text',
  text,
  cache_control: { type: 'ephemeral', ...(ttl !== undefined && { ttl }) },
})
const call = { type: 'tool_use', id: 't', name: 'f', input: {} }
const closed = { type: 'object', properties: {}, additionalProperties: false }
const strict = (input_schema: Json): Json => ({ tools: [{ name: 'f', strict: true, input_schema }] })
const format = (schema: Json): Json => ({ output_config: { format: { type: 'json_schema', schema } } })

describe('a request is refused as the vendor refuses it', () => {
  test.each<[string, Json, string]>([
    [
      'five marks for the cache',
      { messages: [user(['a', 'b', 'c', 'd', 'e'].map((text) => marked(text)))] },
      'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    ],
    [
      'a mark for an hour after one for five minutes',
      { system: [marked('s')], messages: [user([marked('a', '1h')])] },
      "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block",
    ],
    ['an unknown time to live', { messages: [user([marked('a', '2h')])] }, 'expected one of 5m, 1h'],
    [
      'a mark on a thought',
      {
        messages: [
          user('a'),
          assistant([{ type: 'thinking', thinking: '', signature: '', cache_control: null }]),
          user('b'),
        ],
      },
      'cache_control: Extra inputs are not permitted',
    ],
    ['an unknown effort', { output_config: { effort: 'minimal' } }, 'expected one of low, medium, high, xhigh, max'],
    [
      'an effort in a turn of the user',
      { messages: [{ ...user('a'), output_config: { effort: 'low' } }] },
      'output_config: Extra inputs are not permitted',
    ],
    ['a blank text', { messages: [user([{ type: 'text', text: ' \n' }])] }, 'must contain non-whitespace text'],
    [
      'a turn that ends with a thought',
      {
        messages: [
          user('a'),
          assistant([
            { type: 'text', text: 'b' },
            { type: 'redacted_thinking', data: 'E' },
          ]),
          user('c'),
        ],
      },
      'The final block in an assistant message cannot be `thinking`.',
    ],
    [
      'a reference in a result without its name',
      {
        messages: [
          user('a'),
          assistant([call]),
          user([{ type: 'tool_result', tool_use_id: 't', content: [{ type: 'tool_reference' }] }]),
        ],
      },
      'tool_name: Field required',
    ],
    [
      'a call of its own without its result',
      {
        messages: [
          user('a'),
          assistant([
            { ...call, type: 'server_tool_use', id: 's' },
            { type: 'text', text: 'b' },
          ]),
          user('c'),
        ],
      },
      'was found without a corresponding `web_search_tool_result` block',
    ],
    [
      'limits in the strict schema of a tool',
      strict({ ...closed, properties: { x: { type: 'integer', minimum: 1, maximum: 2 } } }),
      "tools.0.custom: For 'integer' type, properties minimum, maximum are not supported",
    ],
    [
      'an open object in the schema of an answer',
      format({ type: 'array', items: { type: 'object' } }),
      "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
    ],
    [
      'many items in the schema of an answer',
      format({ type: 'array', minItems: 2 }),
      "'minItems' values other than 0 or 1",
    ],
  ])('%s', async (_what, fields, words) => {
    expect(await whole(fields)).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error', message: expect.stringContaining(words) as string } },
    })
  })
})

test('what agents send is accepted: marks, results with images and references, strict tools, top_k', async () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
  const content = [{ type: 'tool_reference', tool_name: 'g' }, image, marked('See.')]
  const { status, body } = await whole({
    ...strict(closed),
    top_k: 4,
    output_config: { effort: 'xhigh' },
    messages: [user('a'), assistant([call]), user([{ type: 'tool_result', tool_use_id: 't', content }])],
  })
  expect([status, body.type]).toEqual([200, 'message'])
})

test('tokens that were written to the cache are told, and which of them for an hour', async () => {
  const long = 'x'.repeat(5000)
  const usageOf = async (ttl?: string): Promise<Json> =>
    (await whole({ messages: [user([marked(long, ttl)]), assistant('well'), user('hello')] })).body.usage as Json
  const { cache_creation_input_tokens: written, cache_creation: creation } = await usageOf()
  expect(written).toBeGreaterThan(0)
  expect(creation).toEqual({ ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 })
  expect(await usageOf('1h')).toMatchObject({
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: written },
  })
})

test('a search of its own is streamed as in one piece, and must come back as it was', async () => {
  const tools = [{ type: 'web_search_20260318', name: 'web_search' }]
  const { body } = await whole({ tools, messages: [user('say ab')] })
  const content = body.content as Json[]
  expect(content.map(({ type }) => type)).toEqual(['server_tool_use', 'web_search_tool_result', 'text'])
  const { text } = await send(sim, changed(sim, 'anthropic', { tools, messages: [user('say ab')] }))
  const starts = datas(text).filter(({ type }) => type === 'content_block_start')
  expect(starts.map(({ content_block: block }) => (block as Json).type)).toEqual(content.map(({ type }) => type))
  const back = (blocks: unknown): Promise<{ status: number }> =>
    whole({ tools, messages: [user('say ab'), assistant(blocks), user('Again')] })
  expect((await back(content)).status).toBe(200)
  const [search, result, said] = content
  const forged = { ...result, content: [{ ...(result?.content as Json[])[0], encrypted_content: 'else' }] }
  expect((await back([search, forged, said])).status).toBe(400)
})

test('a system message changes the effort from there on, with words or without', async () => {
  const effort = (content: unknown): Json => ({ role: 'system', content, output_config: { effort: 'low' } })
  const answer = await whole({ messages: [user('Count to 3.'), effort([]), effort('Be brief.')] })
  expect(answer).toMatchObject({ status: 200 })
})
