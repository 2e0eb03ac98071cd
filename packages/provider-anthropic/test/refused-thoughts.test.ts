import { type ChatRequest, collect, type Transport } from '@rivulet/core'
import { messagesServer } from '@rivulet/protocol-anthropic'
import { describe, expect, test } from 'vitest'
import { anthropic } from '../src/index.ts'
import { fixture, KEY } from './subject.ts'

const REFUSAL = 'messages.1.content.0: Invalid `signature` in `thinking` block'
const INSISTS = 'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.'

/** An endpoint that refuses with these words, one for each request, and then answers; and the bodies that it gets. */
function endpoint(...refusals: string[]) {
  const bodies: Record<string, unknown>[] = []
  const { body } = fixture('text.sse')
  const transport: Transport = async (request) => {
    bodies.push(JSON.parse(String(request.body)) as Record<string, unknown>)
    const message = refusals.shift()
    const refusal = JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } })
    return {
      status: message === undefined ? 200 : 400,
      headers: { 'content-type': message === undefined ? 'text/event-stream' : 'application/json' },
      body: ReadableStream.from([Buffer.from(message === undefined ? body : refusal)]),
    }
  }
  return { bodies, provider: anthropic({ apiKey: KEY, transport }) }
}

const request: ChatRequest = {
  model: 'claude-opus-5',
  messages: [
    { role: 'user', content: 'Hello' },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Hm.', signature: 's' },
        { type: 'tool-call', id: 't', name: 'f', input: '{}' },
      ],
    },
    { role: 'tool', toolCallId: 't', content: 'ok' },
  ],
  tools: [{ name: 'f' }],
  reasoning: 'high',
}
const turns = [
  { role: 'user', content: 'Hello' },
  { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'ok' }] },
]

describe('an endpoint that refuses its own thoughts', () => {
  test.each([
    REFUSAL,
    `${REFUSAL}. The block is bound to a different conversation.`,
    'messages.1: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
  ])('is asked once more without them, and the answer names that: %s', async (words) => {
    const { bodies, provider } = endpoint(words)
    const result = await collect(provider.stream(request))
    expect(result.reason).toBe('stop')
    expect(result.dropped).toEqual(['reasoning of earlier turns'])
    expect(bodies).toHaveLength(2)
    expect(bodies[1]).toMatchObject({ messages: turns, thinking: { type: 'adaptive' } })
  })

  test('is asked without thinking where it insists on a thought', async () => {
    const { bodies, provider } = endpoint(REFUSAL)
    const result = await collect(provider.stream({ ...request, model: 'claude-haiku-4-5-20251001' }))
    expect(bodies[1]).toMatchObject({ messages: turns, thinking: { type: 'disabled' } })
    expect(result.dropped).toEqual(['reasoning of earlier turns', "reasoning: 'high' sent as 'none'"])
    const insisting = endpoint(INSISTS)
    await collect(insisting.provider.stream(request))
    expect(insisting.bodies[1]).toMatchObject({ thinking: { type: 'disabled' } })
  })

  test('is asked so about a request that passes as it came, too', async () => {
    const thinking = { type: 'thinking', thinking: 'Hm.', signature: 's' }
    const used = { type: 'tool_use', id: 't', name: 'f', input: {} }
    const sent = {
      model: 'claude-opus-5',
      max_tokens: 9,
      messages: [
        turns[0],
        { role: 'assistant', content: [thinking] },
        { role: 'assistant', content: [thinking, used] },
        turns[2],
      ],
      thinking: { type: 'enabled', budget_tokens: 2000 },
      context_management: { edits: [] },
    }
    const { bodies, provider } = endpoint(REFUSAL)
    const body = JSON.stringify(sent)
    const { request: received } = messagesServer().read({ path: '/v1/messages', body })
    await collect(provider.stream({ ...received, stream: true }, { unsupported: 'drop' }))
    expect(bodies[0]).toEqual({ ...sent, stream: true })
    expect(bodies[1]).toEqual({ ...sent, messages: turns, thinking: { type: 'disabled' }, stream: true })
  })

  test('that refuses the second time is believed', async () => {
    const { bodies, provider } = endpoint(REFUSAL, REFUSAL)
    await expect(collect(provider.stream(request))).rejects.toMatchObject({ code: 'bad-request' })
    expect(bodies).toHaveLength(2)
  })
})

test('any other refusal is final, and so is one of a first question', async () => {
  const other = endpoint('messages: text content blocks must be non-empty')
  await expect(collect(other.provider.stream(request))).rejects.toMatchObject({ code: 'bad-request' })
  expect(other.bodies).toHaveLength(1)
  const first = endpoint(REFUSAL)
  const messages = request.messages.slice(0, 1)
  await expect(collect(first.provider.stream({ ...request, messages }))).rejects.toMatchObject({ code: 'bad-request' })
  expect(first.bodies).toHaveLength(1)
})

test('what is asked again is the request as it was at the call', async () => {
  const { bodies, provider } = endpoint(REFUSAL)
  const messages = [...request.messages]
  const stream = provider.stream({ ...request, messages })
  messages.push({ role: 'user', content: 'Later' })
  await collect(stream)
  expect(bodies[1]).toMatchObject({ messages: turns })
})
