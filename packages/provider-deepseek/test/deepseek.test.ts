import { type ChatRequest, toMessage } from '@rivulet/core'
import { answered, bearerTo, testCredential, testErrors, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { deepseek } from '../src/index.ts'
import { fixture, subject } from './subject.ts'

const { provider, request } = subject
const runner = { describe, it }

testProvider({ runner, ...subject })
testErrors({ runner, ...subject, errors: new URL('fixtures/errors.json', import.meta.url) })
testCredential({
  runner,
  ...subject,
  factory: deepseek,
  option: 'apiKey',
  variable: 'DEEPSEEK_API_KEY',
  sent: bearerTo('https://api.deepseek.com/chat/completions'),
})

const asking = (name: string) => answered(fixture(name), provider)

test('an answer that a filter cuts off finishes as content-filter, with its text so far', async () => {
  expect(await asking('refusal.sse').resultOf(request)).toMatchObject({
    reason: 'content-filter',
    text: 'Flüsse "fließen"',
  })
})

test('JSON is requested', async () => {
  const body = await asking('structured.sse').bodyOf({ ...request, responseFormat: 'json' })
  expect(body.response_format).toEqual({ type: 'json_object' })
})

test('a schema is unsupported: a group asks its next member', async () => {
  const wanted: ChatRequest = { ...request, responseFormat: { name: 'n', schema: {} } }
  await expect(asking('text.sse').resultOf(wanted)).rejects.toMatchObject({ code: 'unsupported' })
})

test.each([
  ['none', { thinking: { type: 'disabled' } }],
  ['low', { thinking: { type: 'enabled' }, reasoning_effort: 'low' }],
  ['medium', { thinking: { type: 'enabled' }, reasoning_effort: 'high' }],
  ['xhigh', { thinking: { type: 'enabled' }, reasoning_effort: 'max' }],
] as const)('effort %s turns thinking on or off', async (reasoning, expected) => {
  expect(await asking('text.sse').bodyOf({ ...request, reasoning })).toMatchObject(expected)
})

describe('a turn that called tools', () => {
  const turnIn = async (origin: string): Promise<unknown> => {
    const result = await asking('tool-calls.sse').resultOf(request)
    const results = result.toolCalls.map(({ id }) => ({ role: 'tool' as const, toolCallId: id, content: '7' }))
    const turns = [
      ...request.messages,
      { ...toMessage(result), origin: { provider: origin, model: request.model } },
      ...results,
    ]
    const { messages } = await asking('text.sse').bodyOf({ ...request, messages: turns })
    return (messages as unknown[])[1]
  }

  test('goes back with its reasoning, or it would be refused', async () => {
    const turn = { role: 'assistant', content: null, reasoning_content: 'Rivers run.' }
    expect(await turnIn('deepseek')).toMatchObject(turn)
  })

  test('of another provider goes with the field empty: its reasoning is not sent here', async () => {
    expect(await turnIn('groq')).toMatchObject({ role: 'assistant', reasoning_content: '' })
  })
})

describe('a last message of the assistant', () => {
  const messages: ChatRequest['messages'] = [...request.messages, { role: 'assistant', content: 'Flü' }]
  const sentWith = async (reasoning?: ChatRequest['reasoning']) => {
    const { lastBody, resultOf, sent } = asking('text.sse')
    await resultOf({ ...request, messages, ...(reasoning !== undefined && { reasoning }) })
    return { url: sent[0]?.url, last: (lastBody().messages as unknown[]).at(-1) }
  }

  test('is continued while it does not think', async () => {
    expect(await sentWith('none')).toEqual({
      url: 'https://api.deepseek.com/beta/chat/completions',
      last: { role: 'assistant', content: 'Flü', prefix: true },
    })
    expect(deepseek().info.prefill).toEqual(['none'])
  })

  test.each([undefined, 'high'] as const)('is a turn like any other with the effort %s', async (effort) => {
    expect(await sentWith(effort)).toEqual({
      url: 'https://api.deepseek.com/chat/completions',
      last: { role: 'assistant', content: 'Flü' },
    })
  })
})
