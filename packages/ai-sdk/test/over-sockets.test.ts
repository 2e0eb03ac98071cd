import { asLanguageModel } from '@rivulet/ai-sdk'
import { pipe, withModel } from '@rivulet/core'
import { failover } from '@rivulet/router'
import { simulator } from '@rivulet/simulator'
import { generateText, isStepCount, Output, streamText, tool } from 'ai'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { members } from './support/simulated.ts'

const sim = await simulator({ usage: true })
afterAll(() => sim.close())
const each = Object.entries(members(sim)).map(([name, [provider, id]]) => ({
  name,
  model: asLanguageModel(provider, id),
}))
const once = { maxRetries: 0 } as const

const weather = tool({
  description: 'The weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `sunny in ${city}`,
})

describe.each(each)('ai over $name', ({ model }) => {
  it('gives an answer with its usage', async () => {
    const { text, finishReason, usage, warnings } = await generateText({ model, prompt: 'Say hello', ...once })
    expect(text).not.toBe('')
    expect(finishReason).toBe('stop')
    expect(usage.inputTokens).toBeGreaterThan(0)
    expect(usage.outputTokens).toBeGreaterThan(0)
    expect(warnings).toEqual([])
  })

  it('streams the same text as it generates', async () => {
    const prompt = 'Say hello'
    const whole = await generateText({ model, prompt, ...once })
    expect(await streamText({ model, prompt, ...once }).text).toBe(whole.text)
  })

  it.each(['generates', 'streams'])('%s an answer that calls a tool after it has reasoned', async (how) => {
    const given = { model, prompt: 'Call the weather tool', tools: { weather }, reasoning: 'low', ...once } as const
    const asked = { ...given, stopWhen: isStepCount(3) }
    // The vendors check the signatures that come back in the second step.
    const { steps } = how === 'streams' ? streamText(asked) : await generateText(asked)
    const [first, second, ...more] = await steps
    expect(more).toEqual([])
    expect(first?.finishReason).toBe('tool-calls')
    expect(first?.toolResults.map(({ output }) => output)).toEqual(['sunny in Lisbon'])
    expect(second?.text).toContain('sunny in Lisbon')
  })

  it('gives an object of a schema', async () => {
    const schema = z.object({ river: z.string(), lengthKm: z.number() })
    const { output } = await generateText({ model, prompt: 'A river', output: Output.object({ schema }), ...once })
    expect(schema.parse(output)).toEqual(output)
  })
})

describe('a stream that breaks', () => {
  const { openai, anthropic } = members(sim)

  it('is an error and a finish that says interrupted, and no tool runs', async () => {
    const ran: string[] = []
    const tools = {
      weather: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => ran.push(city) }),
    }
    sim.fault('openai', { kind: 'truncate', afterEvents: 30, times: 1 })
    const errors: unknown[] = []
    const { finishReason, steps } = streamText({
      model: asLanguageModel(...openai),
      prompt: 'Call the weather tool',
      tools,
      onError: ({ error }) => void errors.push(error),
    })
    expect(await finishReason).toBe('interrupted')
    expect(await steps).toHaveLength(1)
    expect(ran).toEqual([])
    expect(errors).toMatchObject([{ cause: { code: 'truncated' }, isRetryable: true }])
  })

  it('starts over, unseen, where the answer is generated', async () => {
    sim.fault('openai', { kind: 'truncate', times: 1 })
    const before = sim.requests.length
    const group = failover([openai, anthropic].map(([provider, id]) => pipe(provider, withModel(id))))
    const { text, finishReason } = await generateText({ model: asLanguageModel(group, 'any'), prompt: 'Say hello' })
    expect(text).not.toBe('')
    expect(finishReason).toBe('stop')
    expect(sim.requests.length - before).toBe(2)
  })
})
