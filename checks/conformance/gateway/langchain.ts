import assert from 'node:assert/strict'
import { HumanMessage, ToolMessage } from '@langchain/core/messages'
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai'
import { book, type Endpoint, isBook, leftOff, type Scenarios, thrownBy, weather } from '../clients/scenario.ts'
import { short } from '../verdict.ts'

const configuration = (at: Endpoint) => ({ baseURL: at.baseUrl('openai'), ...(at.fetch && { fetch: at.fetch }) })
const model = (
  at: Endpoint,
  { model = 'gpt-6.1-terra', apiKey = 'sk-test', useResponsesApi = false } = {},
): ChatOpenAI => new ChatOpenAI({ model, apiKey, useResponsesApi, maxRetries: 0, configuration: configuration(at) })

const tool = {
  type: 'function' as const,
  function: { name: weather.name, description: weather.description, parameters: weather.schema },
}

/** `@langchain/openai`, in one of the dialects that it speaks. */
const scenariosOf = (dialect: 'openai' | 'openai-responses', useResponsesApi: boolean): Scenarios => ({
  async text(at) {
    const { text, usage_metadata: usage } = await model(at, { useResponsesApi }).invoke('count to 5')
    assert.equal(text, '1, 2, 3, 4, 5.')
    assert.notEqual(usage, undefined)
    return `${text} (${JSON.stringify(usage)})`
  },
  async stream(at) {
    let text = ''
    for await (const chunk of await model(at, { useResponsesApi }).stream('count to 5')) text += chunk.text
    assert.equal(text, '1, 2, 3, 4, 5.')
    return text
  },
  async tools(at) {
    const calling = model(at, { useResponsesApi }).bindTools([tool])
    const question = new HumanMessage(weather.question)
    const first = await calling.invoke([question])
    const [call] = first.tool_calls ?? []
    assert.deepEqual(call?.args, { location: 'Oslo', unit: 'celsius' })
    const result = new ToolMessage({ content: weather.result, tool_call_id: call.id ?? '' })
    const { text } = await calling.invoke([question, first, result])
    assert.match(text, /21 degrees/)
    return short(text)
  },
  async structured(at) {
    const asking = model(at, { useResponsesApi }).withStructuredOutput(book, { name: 'book', method: 'jsonSchema' })
    const json = JSON.stringify(await asking.invoke('a book'))
    assert.ok(isBook(json))
    return short(json)
  },
  async 401(at) {
    const error = await thrownBy(() => model(at, { useResponsesApi, apiKey: 'wrong' }).invoke('x'))
    assert.equal(error.status, 401)
    return short(error.message)
  },
  async 404(at) {
    const error = await thrownBy(() => model(at, { useResponsesApi, model: 'gpt-0' }).invoke('x'))
    assert.equal(error.status, 404)
    return short(error.message)
  },
  async 429(at) {
    at.fault(dialect, { kind: 'retry-after', times: 1 })
    const error = await thrownBy(() => model(at, { useResponsesApi }).invoke('x'))
    assert.equal(error.status, 429)
    return short(error.message)
  },
  async 'in-band error'(at) {
    at.fault(dialect, { kind: 'error-mid-stream', times: 1 })
    const error = await thrownBy(async () => {
      for await (const _ of await model(at, { useResponsesApi }).stream('count to 9'));
    })
    return short(error.message)
  },
  async abort(at) {
    at.fault(dialect, { kind: 'stall-mid-stream', times: 1 })
    const leaving = new AbortController()
    await thrownBy(async () => {
      for await (const _ of await model(at, { useResponsesApi }).stream('count to 9', { signal: leaving.signal }))
        leaving.abort()
    })
    return leftOff(at)
  },
})

export const langchain: Scenarios = {
  ...scenariosOf('openai', false),
  async embeddings(at) {
    const embedding = new OpenAIEmbeddings({
      model: 'text-embedding-3-small',
      apiKey: 'sk-test',
      maxRetries: 0,
      configuration: configuration(at),
    })
    const vectors = await embedding.embedDocuments(['a river', 'a sea'])
    assert.equal(vectors.length, 2)
    return `${vectors.length} × ${vectors[0]?.length ?? 0}`
  },
}

export const langchainResponses: Scenarios = {
  ...scenariosOf('openai-responses', true),
  // It passes over `response.failed`, at the vendor's endpoint too: only what the message lacks tells (1.6.0, 2026-11-28).
  async 'in-band error'(at) {
    at.fault('openai-responses', { kind: 'error-mid-stream', times: 1 })
    const chunks = await Array.fromAsync(await model(at, { useResponsesApi: true }).stream('count to 9'))
    assert.ok(chunks.length > 0)
    assert.ok(chunks.every(({ response_metadata: about }) => about.status !== 'completed'))
    return 'not completed'
  },
}
