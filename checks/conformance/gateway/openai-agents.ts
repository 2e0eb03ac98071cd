import assert from 'node:assert/strict'
import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents'
import OpenAI from 'openai'
import { book, type Endpoint, isBook, leftOff, type Scenarios, thrownBy, weather } from '../clients/scenario.ts'
import { short } from '../verdict.ts'

// It would send what it sees to OpenAI.
setTracingDisabled(true)

/** `@openai/agents`, in one of the dialects that it speaks. */
function scenariosOf(dialect: 'openai' | 'openai-responses'): Scenarios {
  const runner = (at: Endpoint, apiKey = 'sk-test'): Runner => {
    const openAIClient = new OpenAI({ apiKey, baseURL: at.baseUrl(dialect), maxRetries: 0, fetch: at.fetch })
    const modelProvider = new OpenAIProvider({ openAIClient, useResponses: dialect === 'openai-responses' })
    return new Runner({ modelProvider, tracingDisabled: true })
  }
  const agent = new Agent({ name: 'counter', model: 'gpt-6.1-terra' })
  return {
    async text(at) {
      const { finalOutput = '' } = await runner(at).run(agent, 'count to 5')
      assert.equal(finalOutput, '1, 2, 3, 4, 5.')
      return finalOutput
    },
    async stream(at) {
      const answer = await runner(at).run(agent, 'count to 5', { stream: true })
      const text = (await Array.fromAsync(answer.toTextStream())).join('')
      await answer.completed
      assert.equal(text, '1, 2, 3, 4, 5.')
      return text
    },
    async tools(at) {
      const inputs: unknown[] = []
      const execute = (input: unknown): string => {
        inputs.push(input)
        return weather.result
      }
      const { name, description, schema } = weather
      const parameters = { ...schema, required: ['location', 'unit'] as ('location' | 'unit')[] }
      const tools = [tool({ name, description, parameters, strict: true, execute })]
      const { finalOutput = '' } = await runner(at).run(agent.clone({ tools }), weather.question)
      assert.deepEqual(inputs, [{ location: 'Oslo', unit: 'celsius' }])
      assert.match(finalOutput, /21 degrees/)
      return short(finalOutput)
    },
    async structured(at) {
      const outputType = { type: 'json_schema' as const, name: 'book', strict: true, schema: book }
      const writer = new Agent({ name: 'writer', model: 'gpt-6.1-terra', outputType })
      const { finalOutput } = await runner(at).run(writer, 'a book')
      const json = JSON.stringify(finalOutput)
      assert.ok(isBook(json))
      return short(json)
    },
    async 401(at) {
      const error = await thrownBy(() => runner(at, 'wrong').run(agent, 'x'))
      assert.equal(error.status, 401)
      return short(error.message)
    },
    async 404(at) {
      const error = await thrownBy(() => runner(at).run(agent.clone({ model: 'gpt-0' }), 'x'))
      assert.equal(error.status, 404)
      return short(error.message)
    },
    async 429(at) {
      at.fault(dialect, { kind: 'retry-after', times: 1 })
      const error = await thrownBy(() => runner(at).run(agent, 'x'))
      assert.equal(error.status, 429)
      return short(error.message)
    },
    async 'in-band error'(at) {
      at.fault(dialect, { kind: 'error-mid-stream', times: 1 })
      const answer = await runner(at).run(agent, 'count to 9', { stream: true })
      const error = await thrownBy(async () => {
        for await (const _ of answer);
        await answer.completed
      })
      return short(error.message)
    },
    async abort(at) {
      at.fault(dialect, { kind: 'stall-mid-stream', times: 1 })
      const leaving = new AbortController()
      const answer = await runner(at).run(agent, 'count to 9', { stream: true, signal: leaving.signal })
      try {
        for await (const _ of answer.toTextStream()) leaving.abort()
      } catch {
        // It may throw that it was aborted.
      }
      return leftOff(at)
    },
  }
}

export const agentsChat = scenariosOf('openai')
export const agentsResponses = scenariosOf('openai-responses')
