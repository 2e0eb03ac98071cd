import { type ChatRequest, toMessage } from '@rivulet/core'
import { answered, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { openai } from '../src/index.ts'
import { responsesFixture, responsesSubject } from './subject.ts'

const { provider, request, answers } = responsesSubject

testProvider({ runner: { describe, it }, ...responsesSubject })

const asking = (name: string) => answered(responsesFixture(`responses-${name}`), provider)

test('encrypted reasoning comes with the id of its item, and goes back unchanged', async () => {
  const result = await asking('reasoning.sse').resultOf(request)
  const { text: content, reasoning: text } = answers.reasoning ?? {}
  expect(result.content[0]).toEqual({ type: 'reasoning', text, id: 'rs_68b0', sealed: 'gAAAAABo-sealed' })
  const inputWith = async (provider: string) => {
    const origin = { provider, model: request.model }
    const messages: ChatRequest['messages'] = [...request.messages, { ...toMessage(result), origin }]
    return (await asking('text.sse').bodyOf({ ...request, messages })).input
  }
  expect(await inputWith('openai')).toEqual([
    { role: 'user', content: 'Rivers?' },
    {
      type: 'reasoning',
      id: 'rs_68b0',
      summary: [{ type: 'summary_text', text }],
      encrypted_content: 'gAAAAABo-sealed',
    },
    { role: 'assistant', content },
  ])
  expect(await inputWith('openrouter')).toEqual([
    { role: 'user', content: 'Rivers?' },
    { role: 'assistant', content },
  ])
})

test('encrypted reasoning is requested of the models that think', async () => {
  const include = ['reasoning.encrypted_content']
  const { bodyOf } = answered(responsesFixture('responses-text.sse'), (options) =>
    openai({ api: 'responses', apiKey: 'a-secret-key', reasoningSummary: 'auto', ...options }),
  )
  expect(await bodyOf(request)).toEqual({
    model: 'gpt-6.1-terra',
    input: request.messages,
    stream: true,
    store: false,
    reasoning: { summary: 'auto' },
    include,
  })
  const plain = await bodyOf({ ...request, model: 'gpt-4.1' })
  expect(plain).not.toHaveProperty('include')
  expect(plain).not.toHaveProperty('reasoning')
  expect(await bodyOf({ ...request, model: 'new', reasoning: 'low' })).toMatchObject({
    include,
    reasoning: { effort: 'low', summary: 'auto' },
  })
})

test.each([
  ['gpt-6.1-terra', 'max', 'max'],
  ['gpt-6.1-terra', 'minimal', 'low'],
  ['gpt-5.4', 'max', 'xhigh'],
  ['gpt-5.1', 'xhigh', 'high'],
  ['gpt-5-mini', 'none', 'minimal'],
  ['o4-mini', 'max', 'high'],
  ['something-new', 'max', 'max'],
] as const)('%s gets the effort %s as %s', async (model, reasoning, effort) => {
  expect(await asking('text.sse').bodyOf({ ...request, model, reasoning })).toMatchObject({ reasoning: { effort } })
})

test.each([
  ['refusal.sse', 'content-filter'],
  ['incomplete.sse', 'length'],
])('%s finishes as %s', async (name, reason) => {
  expect(await asking(name).resultOf(request)).toMatchObject({ reason })
})

test('a structured answer is text in the requested form', async () => {
  const responseFormat = { name: 'rivers', schema: { type: 'object' } }
  const { text, reason } = await asking('structured.sse').resultOf({ ...request, responseFormat })
  expect([JSON.parse(text), reason]).toEqual([{ rivers: ['Po', 'Ob'] }, 'stop'])
})

test('a field that this dialect lacks is refused', () => {
  for (const field of [{ stop: ['.'] }, { seed: 1 }, { presencePenalty: 1 }, { frequencyPenalty: 1 }]) {
    expect(() => provider({}).stream({ ...request, ...field })).toThrow(Object.keys(field)[0])
  }
})
