import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { type Document, parse, send } from '../client.ts'
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
const whole = (fields: Json) => json(sim, changed(sim, 'openai', { stream: false, ...fields }))
const streamed = async (fields: Json): Promise<Document[]> =>
  [...(await send(sim, changed(sim, 'openai', fields))).text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) =>
    parse(data),
  )
const tool = (name: string, parameters: object) => ({ type: 'function', function: { name, parameters } })
const tools = [tool('get_weather', weather), tool('get_time', time)]

describe('OpenAI', () => {
  test('answers with a document and its usage', async () => {
    const { status, body } = await whole(say('count to 3'))
    expect(status).toBe(200)
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'gpt-6.1-terra',
      choices: [{ message: { role: 'assistant', content: '1, 2, 3.', refusal: null }, finish_reason: 'stop' }],
      // 3, plus 4 for the message, plus its 10 bytes divided by 4.
      usage: { prompt_tokens: 10, completion_tokens: 6, total_tokens: 16, prompt_tokens_details: { cached_tokens: 0 } },
    })
  })

  test('reports usage of a stream on request: null in every chunk, then the counts', async () => {
    const chunks = await streamed({ ...say('count to 3'), stream_options: { include_usage: true } })
    expect(chunks.slice(0, -1).map(({ usage }) => usage)).toEqual(chunks.slice(1).map(() => null))
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 16 } })
    expect((await streamed(say('count to 3'))).every((chunk) => !('usage' in chunk))).toBe(true)
  })

  test('calls two tools at once, with arguments from their schemas, and uses their results', async () => {
    const { body } = await whole({ ...say(bothTools), tools })
    const { message, finish_reason: reason } =
      (body as { choices: { message: Json; finish_reason: string }[] }).choices[0] ?? {}
    const calls = (message?.tool_calls ?? []) as { id: string; function: { name: string; arguments: string } }[]
    expect(reason).toBe('tool_calls')
    expect(calls.map((call) => [call.function.name, JSON.parse(call.function.arguments) as unknown])).toEqual([
      ['get_weather', weatherInput],
      ['get_time', zone],
    ])
    const results = calls.map(({ id }, at) => ({ role: 'tool', tool_call_id: id, content: ['21 degrees', 'noon'][at] }))
    const messages = [...say(bothTools).messages, message, ...results]
    expect(JSON.stringify((await whole({ messages, tools })).body)).toContain('The tools answered: 21 degrees; noon')
    const missing = await whole({ messages: messages.slice(0, -1), tools })
    expect(missing.status).toBe(400)
    expect(JSON.stringify(missing.body)).toContain(calls[1]?.id)
    expect((await whole({ messages: results, tools })).status).toBe(400)
  })

  test.each([
    [{ tool_choice: 'required' }, ['get_weather']],
    [{ tool_choice: { type: 'function', function: { name: 'get_time' } } }, ['get_time']],
    [{ tool_choice: 'none', ...say(bothTools) }, []],
    [{ parallel_tool_calls: false, ...say(bothTools) }, ['get_weather']],
    [say('What is the time?'), ['get_time']],
    [{}, []],
  ])('obeys tool_choice: %j', async (fields, names) => {
    const chunks = await streamed({ ...fields, tools })
    const found = chunks.flatMap(({ choices: [choice] }) => choice?.delta?.tool_calls ?? [])
    expect(found.map((call) => call.function.name).filter((name) => name !== undefined)).toEqual(names)
  })

  test('answers with JSON that satisfies the schema', async () => {
    const format = { type: 'json_schema', json_schema: { name: 'person', schema: person } }
    const { body } = await whole({ ...say('a person'), response_format: format })
    const text = (body as unknown as Document).choices[0]?.message?.content ?? ''
    expect(isPerson(text)).toBe(true)
    const any = await whole({ ...say('say x'), response_format: { type: 'json_object' } })
    expect((any.body as unknown as Document).choices[0]?.message?.content).toBe('{"answer":"x"}')
  })

  describe('custom tools', () => {
    const patch = { type: 'custom', custom: { name: 'apply_patch', description: 'A patch.', format: { type: 'text' } } }
    const asked = { ...say('use apply_patch'), tools: [patch] }
    const input = '*** Begin "use apply_patch"\n+\\d {"x": 1}\n*** End'
    const callIn = async (fields: Json): Promise<Json> => {
      const { choices } = (await whole(fields)).body as { choices: { message: { tool_calls: Json[] } }[] }
      return choices[0]?.message.tool_calls[0] ?? {}
    }

    test('are called with a text, in one piece and in fragments', async () => {
      expect(await callIn(asked)).toMatchObject({ type: 'custom', custom: { name: 'apply_patch', input } })
      const chunks = await streamed(asked)
      const found = chunks.flatMap(({ choices: [choice] }) => choice?.delta?.tool_calls ?? []) as unknown as {
        custom: { name?: string; input: string }
      }[]
      expect(found[0]).toMatchObject({ index: 0, type: 'custom', custom: { name: 'apply_patch', input: '' } })
      expect(found.map(({ custom }) => custom.input).join('')).toBe(input)
    })

    test('are chosen by name, alone or among others', async () => {
      const choices = [
        { type: 'custom', custom: { name: 'apply_patch' } },
        {
          type: 'allowed_tools',
          allowed_tools: { mode: 'required', tools: [{ type: 'custom', custom: { name: 'apply_patch' } }] },
        },
      ]
      for (const tool_choice of choices) {
        expect(await callIn({ tools: [...tools, patch], tool_choice })).toMatchObject({
          custom: { name: 'apply_patch' },
        })
      }
    })

    test('and their calls go back', async () => {
      const call = await callIn(asked)
      const result = { role: 'tool', tool_call_id: call.id, content: 'done' }
      const messages = [...asked.messages, { role: 'assistant', content: null, tool_calls: [call] }, result]
      expect(JSON.stringify((await whole({ messages, tools: [patch] })).body)).toContain('done')
    })
  })

  test('reasons on request, and counts the tokens', async () => {
    const { body } = await whole({ reasoning_effort: 'low' })
    expect(body).toMatchObject({
      choices: [{ message: { reasoning_content: expect.stringContaining('“hello”') as string } }],
    })
    const { usage } = body as { usage: { completion_tokens_details: { reasoning_tokens: number } } }
    expect(usage.completion_tokens_details.reasoning_tokens).toBeGreaterThan(10)
    expect(JSON.stringify((await whole({ reasoning_effort: 'none' })).body)).not.toContain('reasoning_content')
  })

  test.each([
    [{ max_completion_tokens: 3 }, '1, 2', 'length'],
    [{ max_tokens: 3 }, '1, 2', 'length'],
    [{ max_tokens: 17 }, '1, 2, 3, 4, 5, 6, 7, 8, 9', 'length'],
    [{ max_tokens: 18 }, '1, 2, 3, 4, 5, 6, 7, 8, 9.', 'stop'],
    [{ stop: '5' }, '1, 2, 3, 4, ', 'stop'],
    [{ stop: ['9', ', 3'] }, '1, 2', 'stop'],
    [{ stop: '5', max_tokens: 3 }, '1, 2', 'length'],
  ])('stops where the request says: %j', async (fields, content, reason) => {
    const { body } = await whole({ ...say('count to 9'), ...fields })
    expect(body).toMatchObject({ choices: [{ message: { content }, finish_reason: reason }] })
  })

  test('refuses in a separate field', async () => {
    const { body } = await whole(say('please refuse this'))
    expect(body).toMatchObject({
      choices: [{ message: { content: null, refusal: expect.stringMatching(/can’t/) as string } }],
    })
    const chunks = await streamed(say('please refuse this'))
    expect(JSON.stringify(chunks)).toContain('"refusal":" can"')
  })

  test('accepts images and files, and continues a prefill', async () => {
    const parts = [
      { type: 'text', text: 'what is this?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
      { type: 'file', file: { file_data: 'data:text/plain;base64,AAAA', filename: 'a.txt' } },
    ]
    expect(JSON.stringify((await whole(say(parts))).body)).toContain('I see an image')
    const messages = [...say('count to 5').messages, { role: 'assistant', content: '1, 2, ' }]
    expect((await whole({ messages })).body).toMatchObject({ choices: [{ message: { content: '3, 4, 5.' } }] })
  })

  test('counts earlier turns as cached from 1,024 tokens on', async () => {
    const messages = [
      { role: 'user', content: 'x'.repeat(5000) },
      { role: 'assistant', content: 'well' },
      { role: 'user', content: 'hello' },
    ]
    expect((await whole({ messages })).body).toMatchObject({
      usage: { prompt_tokens_details: { cached_tokens: 1152 } },
    })
  })

  test('lists its models and computes embeddings', async () => {
    const { body: list } = await get(sim, 'openai', '/v1/models')
    expect((list.data as { id: string }[]).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['gpt-6-luna', 'grok-4.3', 'text-embedding-3-small']),
    )
    expect((await get(sim, 'openai', '/v1/models/gpt-6-luna')).body).toMatchObject({
      id: 'gpt-6-luna',
      object: 'model',
    })
    expect((await get(sim, 'openai', '/v1/models/gpt-0')).status).toBe(404)
    const { headers } = changed(sim, 'openai', {})
    const body = { model: 'text-embedding-3-small', input: ['a river', 'a sea', 'a river'], dimensions: 4 }
    const { body: made } = await json(sim, { path: '/openai/v1/embeddings', headers, body })
    const [one, other, same] = (made as { data: { embedding: number[] }[] }).data
    expect(one?.embedding).toHaveLength(4)
    expect(one).not.toMatchObject({ embedding: other?.embedding })
    expect(same?.embedding).toEqual(one?.embedding)
    expect(sim.requests.at(-1)).toMatchObject({ model: 'text-embedding-3-small', answer: '' })
  })

  test.each<[string, Json, number, Json]>([
    ['an unknown field', { temprature: 1 }, 400, { code: 'unknown_parameter', param: 'temprature' }],
    ['an unknown nested field', { messages: [{ role: 'user', content: '', at: 1 }] }, 400, { param: 'messages[0].at' }],
    ['no messages', { messages: undefined }, 400, { code: 'missing_required_parameter', param: 'messages' }],
    ['a wrong type', { temperature: 'warm' }, 400, { param: 'temperature' }],
    ['a wrong role', { messages: [{ role: 'me', content: '' }] }, 400, { param: 'messages[0].role' }],
    [
      'a wrong part',
      say([{ type: 'image_url', image_url: {} }]),
      400,
      { param: 'messages[0].content[0].image_url.url' },
    ],
    ['two choices', { n: 2 }, 400, { param: 'n' }],
    ['stream_options without a stream', { stream: false, stream_options: {} }, 400, { param: 'stream_options' }],
    ['a choice without tools', { tool_choice: 'auto' }, 400, { param: 'tool_choice' }],
    ['parallel calls without tools', { parallel_tool_calls: false }, 400, { param: 'parallel_tool_calls' }],
    ['top_k', { top_k: 5 }, 400, { code: 'unknown_parameter', param: 'top_k' }],
    ['an effort that it does not know', { reasoning_effort: 'most' }, 400, { param: 'reasoning_effort' }],
    [
      'a mark for another cache',
      say([{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }]),
      400,
      { param: 'messages[0].content[0].cache_control' },
    ],
    [
      'a grammar of another syntax',
      {
        tools: [
          {
            type: 'custom',
            custom: { name: 'f', format: { type: 'grammar', grammar: { syntax: 'ebnf', definition: 'a' } } },
          },
        ],
      },
      400,
      { param: 'tools[0].custom.format.grammar.syntax' },
    ],
    [
      'a choice of tools without a mode',
      { tools, tool_choice: { type: 'allowed_tools', allowed_tools: { tools: [tools[0]] } } },
      400,
      { param: 'tool_choice.allowed_tools.mode' },
    ],
    [
      'an image in the result of a tool',
      {
        messages: [
          ...say('a').messages,
          { role: 'assistant', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
          {
            role: 'tool',
            tool_call_id: '1',
            content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }],
          },
        ],
      },
      400,
      { param: 'messages[2].content[0].type' },
    ],
    ['an unknown model', { model: 'gpt-0' }, 404, { code: 'model_not_found' }],
  ])('rejects %s', async (_what, fields, status, error) => {
    const answered = await json(sim, changed(sim, 'openai', fields))
    expect(answered).toMatchObject({ status, body: { error: { type: 'invalid_request_error', ...error } } })
  })

  test('requires a bearer token', async () => {
    const request = changed(sim, 'openai', {})
    const { authorization: _none, ...headers } = { authorization: '', ...request.headers }
    expect(await json(sim, { ...request, headers })).toMatchObject({ status: 401, body: { error: { code: null } } })
    await using strict = await simulator({ credentials: { openai: 'right' } })
    const wrong = await json(strict, request)
    expect(wrong).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } })
    expect(strict.dialects.find(({ id }) => id === 'openai')?.credential).toBe('right')
    const right = { ...request, headers: { ...headers, authorization: 'Bearer right' } }
    expect((await send(strict, right)).status).toBe(200)
  })

  test('answers 404 for a wrong path and 405 for a wrong method', async () => {
    expect((await get(sim, 'openai', '/v1/chat')).status).toBe(404)
    expect((await get(sim, 'openai', '/v1/chat/completions')).status).toBe(405)
    expect(sim.baseUrl('openai')).toBe(`${sim.url}/openai/v1`)
  })

  test('reports an error in the middle of an answer', async () => {
    sim.fault('openai', { kind: 'error-mid-stream', times: 1 })
    expect(datas((await send(sim, changed(sim, 'openai', say('count to 9')))).text).at(-1)).toMatchObject({
      error: { type: 'server_error' },
    })
  })
})
