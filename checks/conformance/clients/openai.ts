import assert from 'node:assert/strict'
import OpenAI from 'openai'
import { short } from '../verdict.ts'
import { book, isBook, leftOff, type Endpoint, type Scenarios, thrownBy, weather } from './scenario.ts'

const model = 'gpt-6.1-terra'
const say = (content: string) => [{ role: 'user' as const, content }]
const client = (at: Endpoint, apiKey = 'sk-test') =>
  new OpenAI({ apiKey, baseURL: at.baseUrl('openai'), maxRetries: 0, fetch: at.fetch })
const tool = {
  type: 'function' as const,
  function: { name: weather.name, description: weather.description, parameters: weather.schema, strict: true },
}

export const openai: Scenarios = {
  async text(at) {
    const { choices, usage } = await client(at).chat.completions.create({ model, messages: say('count to 5') })
    assert.equal(choices[0]?.message.content, '1, 2, 3, 4, 5.')
    assert.equal(choices[0].finish_reason, 'stop')
    assert.ok((usage?.completion_tokens ?? 0) > 5)
    return `${choices[0].message.content} (${usage?.total_tokens ?? 0} tokens)`
  },
  async stream(at) {
    const body = { model, messages: say('count to 5'), stream: true as const, stream_options: { include_usage: true } }
    let text = ''
    let total = 0
    for await (const { choices, usage } of await client(at).chat.completions.create(body)) {
      text += choices[0]?.delta.content ?? ''
      total = usage?.total_tokens ?? total
    }
    assert.equal(text, '1, 2, 3, 4, 5.')
    assert.ok(total > 0)
    return `${text} (${total} tokens)`
  },
  async 'stream helper'(at) {
    const stream = client(at).chat.completions.stream({ model, messages: say('a table of rivers') })
    const text = (await stream.finalChatCompletion()).choices[0]?.message.content ?? ''
    assert.match(text, /^\| River \|/m)
    return short(text.replaceAll(/\s+/g, ' '))
  },
  async tools(at) {
    const messages: OpenAI.ChatCompletionMessageParam[] = say(weather.question)
    const first = await client(at).chat.completions.create({ model, messages, tools: [tool] })
    const said = first.choices[0]?.message
    const call = said?.tool_calls?.[0]
    assert.ok(said !== undefined && call?.type === 'function')
    assert.deepEqual(JSON.parse(call.function.arguments), { location: 'Oslo', unit: 'celsius' })
    messages.push(said, { role: 'tool', tool_call_id: call.id, content: weather.result })
    const second = await client(at).chat.completions.create({ model, messages, tools: [tool] })
    assert.match(second.choices[0]?.message.content ?? '', /21 degrees/)
    return `${call.function.name}(${call.function.arguments}) → ${short(second.choices[0]?.message.content ?? '', 40)}`
  },
  async 'tools, streamed'(at) {
    const content = 'call the weather tool and the time tool'
    const time = {
      type: 'function' as const,
      function: { name: 'get_time', parameters: { type: 'object', properties: {} } },
    }
    const stream = client(at).chat.completions.stream({ model, messages: say(content), tools: [tool, time] })
    const calls = (await stream.finalChatCompletion()).choices[0]?.message.tool_calls ?? []
    assert.equal(calls.length, 2)
    return calls.map((call) => (call.type === 'function' ? call.function.name : call.type)).join(', ')
  },
  async structured(at) {
    const format = { type: 'json_schema' as const, json_schema: { name: 'book', schema: book, strict: true } }
    const answer = await client(at).chat.completions.parse({ model, messages: say('a book'), response_format: format })
    const text = answer.choices[0]?.message.content ?? ''
    assert.ok(isBook(text))
    return short(text)
  },
  async reasoning(at) {
    const { choices, usage } = await client(at).chat.completions.create({
      model,
      messages: say('hello'),
      reasoning_effort: 'low',
    })
    assert.ok((usage?.completion_tokens_details?.reasoning_tokens ?? 0) > 0)
    assert.ok('reasoning_content' in (choices[0]?.message ?? {}))
    return `${usage?.completion_tokens_details?.reasoning_tokens ?? 0} tokens of thought`
  },
  async refusal(at) {
    const { choices } = await client(at).chat.completions.create({ model, messages: say('refuse this') })
    assert.ok(choices[0]?.message.refusal)
    assert.equal(choices[0].message.content, null)
    return choices[0].message.refusal
  },
  async models(at) {
    const ids: string[] = []
    for await (const { id } of client(at).models.list()) ids.push(id)
    assert.ok(ids.includes(model))
    return `${ids.length} models`
  },
  async embeddings(at) {
    const answer = await client(at).embeddings.create({ model: 'text-embedding-3-small', input: ['a river', 'a sea'] })
    assert.equal(answer.data[1]?.embedding.length, 1536)
    return `${answer.data.length} × ${answer.data[0]?.embedding.length ?? 0}`
  },
  async 401(at) {
    const error = await thrownBy(() => client(at, 'wrong').chat.completions.create({ model, messages: say('x') }))
    assert.ok(error instanceof OpenAI.AuthenticationError)
    return short(error.message)
  },
  async 404(at) {
    const error = await thrownBy(() => client(at).chat.completions.create({ model: 'gpt-0', messages: say('x') }))
    assert.ok(error instanceof OpenAI.NotFoundError)
    return short(error.message)
  },
  async 429(at) {
    at.fault('openai', { kind: 'retry-after', times: 1 })
    const error = await thrownBy(() => client(at).chat.completions.create({ model, messages: say('x') }))
    assert.ok(error instanceof OpenAI.RateLimitError)
    assert.equal(error.headers.get('retry-after'), '1')
    return short(error.message)
  },
  async 'in-band error'(at) {
    at.fault('openai', { kind: 'error-mid-stream', times: 1 })
    const error = await thrownBy(async () => {
      const stream = await client(at).chat.completions.create({ model, messages: say('count to 9'), stream: true })
      for await (const _ of stream);
    })
    assert.ok(error instanceof OpenAI.APIError)
    return short(error.message)
  },
  async abort(at) {
    at.fault('openai', { kind: 'stall-mid-stream', times: 1 })
    const stream = await client(at).chat.completions.create({ model, messages: say('count to 9'), stream: true })
    for await (const _ of stream) break
    return leftOff(at)
  },
}
