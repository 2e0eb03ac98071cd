import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { send } from '../client.ts'
import {
  bothTools,
  changed,
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

const say = (content: string, more: Json = {}) => ({ messages: [{ role: 'user', content, ...more }] })
const whole = (fields: Json) => json(sim, changed(sim, 'ollama', { stream: false, ...fields }))
const tool = (name: string, parameters: object) => ({ type: 'function', function: { name, parameters } })
const tools = [tool('get_weather', weather), tool('get_time', time)]
/** Not validated here, like everything that a test asserts. */
const messageOf = ({ body }: { body: Json }) => body.message as Json & { tool_calls?: { function: Json }[] }

describe('Ollama', () => {
  test('answers with one document when streaming is off', async () => {
    expect((await whole(say('count to 3'))).body).toMatchObject({
      model: 'gpt-oss:20b',
      message: { role: 'assistant', content: '1, 2, 3.' },
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 10,
      eval_count: 6,
    })
  })

  test('streams one document per line, the last one with done', async () => {
    const response = await send(sim, changed(sim, 'ollama', say('count to 3')))
    expect(response.headers['content-type']).toBe('application/x-ndjson')
    const lines = response.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json & { message: Json })
    expect(lines.map(({ message }) => message.content).join('')).toBe('1, 2, 3.')
    expect(lines.map(({ done }) => done)).toEqual([false, false, false, false, false, false, true])
    expect(lines.at(-1)).toMatchObject({ eval_count: 6 })
  })

  test('calls tools with arguments as objects, and uses their results', async () => {
    const message = messageOf(await whole({ ...say(bothTools), tools }))
    expect(message.tool_calls?.map((call) => [call.function.name, call.function.arguments])).toEqual([
      ['get_weather', weatherInput],
      ['get_time', zone],
    ])
    const results = { role: 'tool', content: 'fine', tool_name: 'get_weather' }
    const messages = [...say(bothTools).messages, message, results]
    expect(messageOf(await whole({ messages, tools })).content).toContain('The tool answered: fine')
  })

  test('satisfies a schema, or answers in JSON', async () => {
    expect(isPerson(String(messageOf(await whole({ ...say('a person'), format: person })).content))).toBe(true)
    expect(messageOf(await whole({ ...say('say x'), format: 'json' })).content).toBe('{"answer":"x"}')
  })

  test('reasons, accepts images, and continues a prefill', async () => {
    expect(messageOf(await whole({ think: 'low' })).thinking).toContain('“hello”')
    expect(messageOf(await whole({ think: false }))).not.toHaveProperty('thinking')
    const response = await whole({ model: 'gemma3:4b', ...say('what is this?', { images: ['AAAA', 'BBBB'] }) })
    expect(messageOf(response).content).toContain('I see 2 images')
    const messages = [...say('count to 5').messages, { role: 'assistant', content: '1, 2, ' }]
    expect(messageOf(await whole({ messages })).content).toBe('3, 4, 5.')
  })

  test.each([
    [{ num_predict: 3 }, '1, 2', 'length'],
    [{ stop: ['5'] }, '1, 2, 3, 4, ', 'stop'],
    [{ num_predict: -1 }, '1, 2, 3, 4, 5, 6, 7, 8, 9.', 'stop'],
  ])('stops where the options say: %j', async (options, content, reason) => {
    const { body } = await whole({ ...say('count to 9'), options })
    expect(body).toMatchObject({ message: { content }, done_reason: reason })
  })

  test('lists its models and computes embeddings', async () => {
    expect((await get(sim, 'ollama', '/api/tags')).body.models).toHaveLength(9)
    expect((await get(sim, 'ollama', '/api/version')).status).toBe(200)
    const embed = (body: Json) =>
      json(sim, { path: '/ollama/api/embed', headers: changed(sim, 'ollama', {}).headers, body })
    const { body } = await embed({ model: 'nomic-embed-text', input: ['a river', 'a sea'], dimensions: 4 })
    expect(body.embeddings).toMatchObject([{ length: 4 }, { length: 4 }])
    expect((await embed({ model: 'llama3.2:3b', input: 'x' })).status).toBe(400)
  })

  test.each<[string, Json, number, string]>([
    ['an unknown model', { model: 'llama0' }, 404, `model 'llama0' not found`],
    ['tools for a model without tools', { model: 'gemma3:4b', tools }, 400, '"gemma3:4b" does not support tools'],
    [
      'thinking for a model without thinking',
      { model: 'llama3.2:3b', think: true },
      400,
      '"llama3.2:3b" does not support thinking',
    ],
    ['an unknown option', { options: { topk: 1 } }, 400, 'ollama: unknown body field "options.topk"'],
    ['an unknown field', { max_tokens: 1 }, 400, 'ollama: unknown body field "max_tokens"'],
    [
      'a wrong type',
      { messages: [{ role: 'user', content: [] }] },
      400,
      'ollama: body field "messages[0].content" must be a string',
    ],
  ])('rejects %s', async (_what, fields, status, words) => {
    const answered = await whole(fields)
    expect(answered.status).toBe(status)
    expect(String(answered.body.error).startsWith(words)).toBe(true)
  })

  test('requires a credential only if one is configured', async () => {
    await using strict = await simulator({ credentials: { ollama: 'right' } })
    const request = changed(strict, 'ollama', {})
    expect(await json(strict, request)).toEqual({ status: 401, body: { error: 'unauthorized' } })
    const headers = { ...request.headers, authorization: 'Bearer right' }
    expect((await send(strict, { ...request, headers })).status).toBe(200)
  })
})
