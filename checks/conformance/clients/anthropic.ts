import assert from 'node:assert/strict'
import Anthropic from '@anthropic-ai/sdk'
import { short } from '../verdict.ts'
import { book, isBook, leftOff, type Endpoint, type Scenarios, thrownBy, weather } from './scenario.ts'

const model = 'claude-opus-5-5'
const say = (content: string) => ({ model, max_tokens: 1024, messages: [{ role: 'user' as const, content }] })
const client = (at: Endpoint, apiKey = 'sk-test') =>
  new Anthropic({ apiKey, baseURL: at.baseUrl('anthropic'), maxRetries: 0, fetch: at.fetch })
const tool = { name: weather.name, description: weather.description, input_schema: weather.schema }
const textOf = ({ content }: Anthropic.Message): string =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('')

export const anthropic: Scenarios = {
  async text(at) {
    const message = await client(at).messages.create(say('count to 5'))
    assert.equal(textOf(message), '1, 2, 3, 4, 5.')
    assert.equal(message.stop_reason, 'end_turn')
    assert.ok(message.usage.input_tokens > 0)
    return `${textOf(message)} (${message.usage.input_tokens} + ${message.usage.output_tokens} tokens)`
  },
  async stream(at) {
    let text = ''
    for await (const event of await client(at).messages.create({ ...say('count to 5'), stream: true })) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
    }
    assert.equal(text, '1, 2, 3, 4, 5.')
    return text
  },
  async 'stream helper'(at) {
    const message = await client(at).messages.stream(say('count to 5')).finalMessage()
    assert.equal(textOf(message), '1, 2, 3, 4, 5.')
    assert.ok(message.usage.output_tokens > 5)
    return `${textOf(message)} (${message.usage.input_tokens} + ${message.usage.output_tokens} tokens)`
  },
  async tools(at) {
    const request = { ...say(weather.question), tools: [tool] }
    const first = await client(at).messages.stream(request).finalMessage()
    const call = first.content.find((block) => block.type === 'tool_use')
    assert.equal(first.stop_reason, 'tool_use')
    assert.deepEqual(call?.input, { location: 'Oslo', unit: 'celsius' })
    const result = { type: 'tool_result' as const, tool_use_id: call.id, content: weather.result }
    const second = await client(at).messages.create({
      ...request,
      messages: [
        ...request.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [result] },
      ],
    })
    assert.match(textOf(second), /21 degrees/)
    return `${weather.name}(${JSON.stringify(call.input)}) → ${short(textOf(second), 40)}`
  },
  async 'tools with thoughts'(at) {
    const thinking = { type: 'enabled' as const, budget_tokens: 1024 }
    const request = { ...say(weather.question), max_tokens: 4096, tools: [tool], thinking }
    const first = await client(at).messages.stream(request).finalMessage()
    assert.deepEqual(
      first.content.map(({ type }) => type),
      ['thinking', 'tool_use'],
    )
    const call = first.content.find((block) => block.type === 'tool_use')
    const back = (content: Anthropic.ContentBlock[]) =>
      client(at).messages.create({
        ...request,
        messages: [
          ...request.messages,
          { role: 'assistant', content },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: weather.result }] },
        ],
      })
    assert.match(textOf(await back(first.content)), /21 degrees/)
    const forged = first.content.map((block) => (block.type === 'thinking' ? { ...block, thinking: 'else' } : block))
    const error = await thrownBy(() => back(forged))
    assert.match(error.message, /Invalid `signature`/)
    return 'signature taken back, a forged one refused'
  },
  async structured(at) {
    const format = { type: 'json_schema' as const, schema: book }
    const message = await client(at).messages.create({ ...say('a book'), output_config: { format } })
    assert.ok(isBook(textOf(message)))
    return short(textOf(message))
  },
  async refusal(at) {
    const { stop_reason: reason } = await client(at).messages.create(say('refuse this'))
    assert.equal(reason, 'refusal')
    return reason
  },
  async 'length and stop'(at) {
    const cut = await client(at).messages.create({ ...say('count to 9'), max_tokens: 3 })
    const stopped = await client(at).messages.create({ ...say('count to 9'), stop_sequences: ['5'] })
    assert.deepEqual(
      [cut.stop_reason, stopped.stop_reason, stopped.stop_sequence],
      ['max_tokens', 'stop_sequence', '5'],
    )
    return `${textOf(cut)} | ${textOf(stopped)}`
  },
  async models(at) {
    const ids: string[] = []
    for await (const { id } of client(at).models.list()) ids.push(id)
    assert.ok(ids.includes(model))
    return `${ids.length} models`
  },
  async 401(at) {
    const error = await thrownBy(() => client(at, 'wrong').messages.create(say('x')))
    assert.ok(error instanceof Anthropic.AuthenticationError)
    return short(error.message)
  },
  async 404(at) {
    const error = await thrownBy(() => client(at).messages.create({ ...say('x'), model: 'claude-0' }))
    assert.ok(error instanceof Anthropic.NotFoundError)
    return short(error.message)
  },
  async 429(at) {
    at.fault('anthropic', { kind: 'retry-after', times: 1 })
    const error = await thrownBy(() => client(at).messages.create(say('x')))
    assert.ok(error instanceof Anthropic.RateLimitError)
    assert.equal(error.type, 'rate_limit_error')
    return short(error.message)
  },
  async 'in-band error'(at) {
    at.fault('anthropic', { kind: 'error-mid-stream', times: 1 })
    const error = await thrownBy(() => client(at).messages.stream(say('count to 9')).finalMessage())
    assert.match(error.message, /overloaded_error/)
    return short(error.message)
  },
  async abort(at) {
    at.fault('anthropic', { kind: 'stall-mid-stream', times: 1 })
    for await (const { type } of client(at).messages.stream(say('count to 9'))) {
      if (type === 'content_block_delta') break
    }
    return leftOff(at)
  },
}
