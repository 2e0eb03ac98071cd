import assert from 'node:assert/strict'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { DialectId } from '@rivulet/simulator'
import {
  APICallError,
  embedMany,
  type EmbeddingModel,
  generateText,
  isStepCount,
  jsonSchema,
  type LanguageModel,
  Output,
  streamText,
  tool,
} from 'ai'
import { book, type Endpoint, isBook, leftOff, type Scenarios, thrownBy, weather } from '../clients/scenario.ts'
import { short } from '../verdict.ts'

interface Package {
  /** The endpoint that answers, and a model of it. */
  readonly dialect: DialectId
  readonly model: string
  readonly language: (at: Endpoint, model: string, apiKey: string) => LanguageModel
  readonly embedding?: (at: Endpoint) => EmbeddingModel
}

/** `ai` through one of its packages of providers. */
function scenariosOf({ dialect, model: name, language, embedding }: Package): Scenarios {
  const model = (at: Endpoint, id = name, apiKey = 'sk-test'): LanguageModel => language(at, id, apiKey)
  const refused = async (at: Endpoint, status: number, ...rest: [id?: string, apiKey?: string]): Promise<string> => {
    const error = await thrownBy(() => generateText({ model: model(at, ...rest), prompt: 'x', maxRetries: 0 }))
    assert.ok(APICallError.isInstance(error))
    assert.equal(error.statusCode, status)
    return short(error.message)
  }
  return {
    async text(at) {
      const { text, finishReason, usage } = await generateText({ model: model(at), prompt: 'count to 5' })
      assert.deepEqual([text, finishReason], ['1, 2, 3, 4, 5.', 'stop'])
      assert.ok((usage.inputTokens ?? 0) > 0)
      return `${text} (${usage.totalTokens ?? 0} tokens)`
    },
    async stream(at) {
      const { textStream, finishReason } = streamText({ model: model(at), prompt: 'count to 5' })
      const text = (await Array.fromAsync(textStream)).join('')
      assert.deepEqual([text, await finishReason], ['1, 2, 3, 4, 5.', 'stop'])
      return text
    },
    async tools(at) {
      const inputs: unknown[] = []
      const execute = (input: unknown): string => {
        inputs.push(input)
        return weather.result
      }
      const tools = { [weather.name]: tool({ inputSchema: jsonSchema(weather.schema), execute }) }
      const { text } = await generateText({
        model: model(at),
        prompt: weather.question,
        tools,
        stopWhen: isStepCount(3),
      })
      assert.deepEqual(inputs, [{ location: 'Oslo', unit: 'celsius' }])
      assert.match(text, /21 degrees/)
      return short(text)
    },
    async 'tools, streamed'(at) {
      const tools = { [weather.name]: tool({ inputSchema: jsonSchema(weather.schema), execute: () => weather.result }) }
      const { text, steps } = streamText({
        model: model(at),
        prompt: weather.question,
        tools,
        stopWhen: isStepCount(3),
      })
      assert.match(await text, /21 degrees/)
      return `${(await steps).length} steps`
    },
    async structured(at) {
      const output = Output.object({ schema: jsonSchema(book) })
      const answer = await generateText({ model: model(at), prompt: 'a book', output })
      const json = JSON.stringify(answer.output)
      assert.ok(isBook(json))
      return short(json)
    },
    ...(embedding && {
      async embeddings(at: Endpoint) {
        const { embeddings } = await embedMany({ model: embedding(at), values: ['a river', 'a sea'] })
        assert.equal(embeddings.length, 2)
        return `${embeddings.length} × ${embeddings[0]?.length ?? 0}`
      },
    }),
    401: (at) => refused(at, 401, name, 'wrong'),
    404: (at) => refused(at, 404, 'no-such-model'),
    429(at) {
      at.fault(dialect, { kind: 'retry-after', times: 1 })
      return refused(at, 429)
    },
    async 'in-band error'(at) {
      at.fault(dialect, { kind: 'error-mid-stream', times: 1 })
      const errors: unknown[] = []
      const { stream } = streamText({
        model: model(at),
        prompt: 'count to 9',
        maxRetries: 0,
        onError: ({ error }) => {
          errors.push(error)
        },
      })
      const reasons: string[] = []
      for await (const part of stream) if (part.type === 'finish') reasons.push(part.finishReason)
      assert.deepEqual(reasons, ['error'])
      assert.equal(errors.length, 1)
      const [error] = errors
      return short(error instanceof Error ? error.message : JSON.stringify(error))
    },
    async abort(at) {
      at.fault(dialect, { kind: 'stall-mid-stream', times: 1 })
      const leaving = new AbortController()
      const { textStream } = streamText({ model: model(at), prompt: 'count to 9', abortSignal: leaving.signal })
      for await (const _ of textStream) leaving.abort()
      return leftOff(at)
    },
  }
}

const options = (at: Endpoint, dialect: DialectId, apiKey: string) => ({
  apiKey,
  baseURL: at.baseUrl(dialect),
  ...(at.fetch && { fetch: at.fetch }),
})
const openai = (at: Endpoint, apiKey = 'sk-test') => createOpenAI(options(at, 'openai', apiKey))
const compatible = (at: Endpoint, apiKey = 'sk-test') =>
  createOpenAICompatible({ ...options(at, 'openai', apiKey), name: 'rivulet', supportsStructuredOutputs: true })
const google = (at: Endpoint, apiKey = 'sk-test') => createGoogleGenerativeAI(options(at, 'google', apiKey))

export const aiOpenai = scenariosOf({
  dialect: 'openai-responses',
  model: 'gpt-6.1-terra',
  language: (at, model, apiKey) => openai(at, apiKey).responses(model),
})

export const aiOpenaiChat = scenariosOf({
  dialect: 'openai',
  model: 'gpt-6.1-terra',
  language: (at, model, apiKey) => openai(at, apiKey).chat(model),
  embedding: (at) => openai(at).embedding('text-embedding-3-small'),
})

export const aiCompatible = scenariosOf({
  dialect: 'openai',
  model: 'gpt-6.1-terra',
  language: (at, model, apiKey) => compatible(at, apiKey)(model),
  embedding: (at) => compatible(at).embeddingModel('text-embedding-3-small'),
})

export const aiAnthropic = scenariosOf({
  dialect: 'anthropic',
  model: 'claude-opus-5-5',
  language: (at, model, apiKey) => createAnthropic(options(at, 'anthropic', apiKey))(model),
})

export const aiGoogle = scenariosOf({
  dialect: 'google',
  model: 'gemini-3.8-flash',
  language: (at, model, apiKey) => google(at, apiKey)(model),
  embedding: (at) => google(at).embedding('gemini-embedding-001'),
})
