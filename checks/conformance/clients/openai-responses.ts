import assert from 'node:assert/strict'
import OpenAI from 'openai'
import { short } from '../verdict.ts'
import { book, isBook, leftOff, type Endpoint, type Scenarios, thrownBy, weather } from './scenario.ts'

const model = 'gpt-6.1-terra'
const client = (at: Endpoint, apiKey = 'sk-test') =>
  new OpenAI({ apiKey, baseURL: at.baseUrl('openai-responses'), maxRetries: 0, fetch: at.fetch })
const tool: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: weather.name,
  description: weather.description,
  parameters: weather.schema,
  strict: true,
}

export const openaiResponses: Scenarios = {
  async text(at) {
    const { output_text: text, usage, status } = await client(at).responses.create({ model, input: 'count to 5' })
    assert.deepEqual([text, status], ['1, 2, 3, 4, 5.', 'completed'])
    return `${text} (${usage?.total_tokens ?? 0} tokens)`
  },
  async stream(at) {
    let text = ''
    let last = ''
    for await (const event of await client(at).responses.create({ model, input: 'count to 5', stream: true })) {
      if (event.type === 'response.output_text.delta') text += event.delta
      last = event.type
    }
    assert.deepEqual([text, last], ['1, 2, 3, 4, 5.', 'response.completed'])
    return text
  },
  async 'stream helper'(at) {
    const answer = await client(at).responses.stream({ model, input: 'count to 5' }).finalResponse()
    assert.equal(answer.output_text, '1, 2, 3, 4, 5.')
    assert.ok((answer.usage?.output_tokens ?? 0) > 5)
    return `${answer.output_text} (${answer.usage?.total_tokens ?? 0} tokens)`
  },
  async 'tools with sealed thoughts'(at) {
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: weather.question }]
    const rest = {
      model,
      tools: [tool],
      store: false,
      include: ['reasoning.encrypted_content' as const],
      reasoning: { effort: 'low' as const, summary: 'auto' as const },
    }
    // The helper of streams adds `parsed_arguments`, which the API refuses when it comes back (openai/openai-python#2720).
    const first = await client(at).responses.create({ ...rest, input })
    assert.deepEqual(
      first.output.map(({ type }) => type),
      ['reasoning', 'function_call'],
    )
    const call = first.output.find((item) => item.type === 'function_call')
    assert.deepEqual(JSON.parse(call?.arguments ?? ''), { location: 'Oslo', unit: 'celsius' })
    input.push(...(first.output as OpenAI.Responses.ResponseInput), {
      type: 'function_call_output',
      call_id: call?.call_id ?? '',
      output: weather.result,
    })
    const second = await client(at).responses.create({ ...rest, input })
    assert.match(second.output_text, /21 degrees/)
    return `${weather.name}(${call?.arguments ?? ''}) → ${short(second.output_text, 40)}`
  },
  async 'custom tool, a search'(at) {
    const patch: OpenAI.Responses.CustomTool = { type: 'custom', name: 'apply_patch' }
    const call = await client(at)
      .responses.stream({ model, input: 'apply_patch to the file', tools: [patch] })
      .finalResponse()
    const [first] = call.output
    assert.ok(first?.type === 'custom_tool_call')
    assert.equal(first.input, 'apply_patch to the file')
    const search = await client(at)
      .responses.stream({ model, input: 'search for rivers', tools: [{ type: 'web_search' }] })
      .finalResponse()
    assert.deepEqual(
      search.output.map(({ type }) => type),
      ['web_search_call', 'message'],
    )
    return first.input
  },
  async structured(at) {
    const format = { type: 'json_schema' as const, name: 'book', schema: book, strict: true }
    const answer = await client(at).responses.parse({ model, input: 'a book', text: { format } })
    assert.ok(isBook(answer.output_text))
    return short(answer.output_text)
  },
  async refusal(at) {
    const { output } = await client(at).responses.create({ model, input: 'refuse this' })
    const part = output[0]?.type === 'message' ? output[0].content[0] : undefined
    assert.ok(part?.type === 'refusal')
    return part.refusal
  },
  async length(at) {
    const answer = await client(at).responses.create({ model, input: 'count to 9', max_output_tokens: 3 })
    assert.deepEqual([answer.status, answer.incomplete_details?.reason], ['incomplete', 'max_output_tokens'])
    return answer.output_text
  },
  async 401(at) {
    const error = await thrownBy(() => client(at, 'wrong').responses.create({ model, input: 'x' }))
    assert.ok(error instanceof OpenAI.AuthenticationError)
    return short(error.message)
  },
  async 404(at) {
    const error = await thrownBy(() => client(at).responses.create({ model: 'gpt-0', input: 'x' }))
    assert.ok(error instanceof OpenAI.NotFoundError)
    return short(error.message)
  },
  async 429(at) {
    at.fault('openai-responses', { kind: 'retry-after', times: 1 })
    const error = await thrownBy(() => client(at).responses.create({ model, input: 'x' }))
    assert.ok(error instanceof OpenAI.RateLimitError)
    return short(error.message)
  },
  async 'in-band error'(at) {
    at.fault('openai-responses', { kind: 'error-mid-stream', times: 1 })
    const seen: string[] = []
    try {
      for await (const event of await client(at).responses.create({ model, input: 'count to 9', stream: true })) {
        if (event.type === 'error') seen.push(event.message)
      }
    } catch (error) {
      seen.push(error instanceof Error ? error.message : String(error))
    }
    assert.match(seen.join(), /overloaded/)
    return short(seen.join())
  },
  async abort(at) {
    at.fault('openai-responses', { kind: 'stall-mid-stream', times: 1 })
    for await (const _ of await client(at).responses.create({ model, input: 'count to 9', stream: true })) break
    return leftOff(at)
  },
}
