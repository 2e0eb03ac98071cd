import type { Message, Origin, ReasoningEffort } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { messages as dialect, type MessagesOptions, type ThinkingStyle } from '../../src/index.ts'
import { bodyOf, hello, openedAs } from '../support/requests.ts'

const turnsOf = (messages: Message[], options?: MessagesOptions): unknown => bodyOf({ messages }, options).messages

describe('the body', () => {
  test('has only what the API requires', () => {
    const { http } = dialect().open({ model: 'm', messages: [hello] })
    expect(http.path).toBe('/v1/messages')
    expect(JSON.stringify(http.body)).toBe(
      '{"model":"m","max_tokens":4096,"messages":[{"role":"user","content":"Hello"}],"stream":true}',
    )
  })

  test('has the fields of the request, and extra fields last', () => {
    const request = { maxTokens: 9, stream: false, temperature: 1, topP: 0.5, topK: 1, stop: ['x'] }
    expect(bodyOf({ ...request, extra: { 'anthropic-messages': { container: 'c' } } })).toEqual({
      model: 'm',
      max_tokens: 9,
      messages: [hello],
      temperature: 1,
      top_p: 0.5,
      stop_sequences: ['x'],
      top_k: 1,
      container: 'c',
    })
    expect(bodyOf({ extra: { 'anthropic-messages': { max_tokens: 1 } } })).toMatchObject({ max_tokens: 1 })
  })

  test('gives a tool without parameters an empty schema', () => {
    expect(bodyOf({ tools: [{ name: 'now' }] }).tools).toEqual([
      { name: 'now', input_schema: { type: 'object', properties: {} } },
    ])
  })

  test('asks for the longest answer of the model when the request has no limit', () => {
    const options = { models: [{ id: 'known-4', outputTokens: 64_000 }] }
    expect(bodyOf({ model: 'known-4' }, options).max_tokens).toBe(64_000)
    expect(bodyOf({ model: 'known-4-20251001' }, options).max_tokens).toBe(64_000)
    expect(bodyOf({ model: 'known-4-mini' }, options).max_tokens).toBe(4096)
  })
})

describe('the conversation', () => {
  test('has its system messages apart, from any position', () => {
    const messages: Message[] = [
      { role: 'system', content: 'One.' },
      hello,
      { role: 'assistant', content: 'Hi.' },
      { role: 'system', content: 'Two.', cache: true },
      { role: 'user', content: 'Go on.' },
    ]
    expect(bodyOf({ messages })).toMatchObject({
      system: [
        { type: 'text', text: 'One.' },
        { type: 'text', text: 'Two.', cache_control: { type: 'ephemeral' } },
      ],
      messages: [hello, { role: 'assistant', content: 'Hi.' }, { role: 'user', content: 'Go on.' }],
    })
  })

  test('has alternating turns, with tool results first', () => {
    const messages: Message[] = [
      hello,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I' },
          { type: 'tool-call', id: 'a', name: 'f', input: '' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: ' look.' },
          { type: 'tool-call', id: 'b', name: 'f', input: '{"x":1}' },
        ],
      },
      { role: 'tool', toolCallId: 'a', content: '1' },
      { role: 'user', content: 'Well?' },
      { role: 'tool', toolCallId: 'b', content: '2', isError: true },
    ]
    expect(turnsOf(messages)).toEqual([
      hello,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I' },
          { type: 'tool_use', id: 'a', name: 'f', input: {} },
          { type: 'text', text: ' look.' },
          { type: 'tool_use', id: 'b', name: 'f', input: { x: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: '1' },
          { type: 'tool_result', tool_use_id: 'b', content: '2', is_error: true },
          { type: 'text', text: 'Well?' },
        ],
      },
    ])
  })

  test('has only thoughts of this model that are signed or sealed', () => {
    const turn = (origin?: Origin): Message[] => [
      hello,
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', signature: 's' },
          { type: 'reasoning', text: '', sealed: 'x' },
          { type: 'reasoning', text: 'unsigned' },
          { type: 'text', text: 'Yes.' },
        ],
        ...(origin !== undefined && { origin }),
      },
    ]
    const own = [
      { type: 'thinking', thinking: 'Hm.', signature: 's' },
      { type: 'redacted_thinking', data: 'x' },
      { type: 'text', text: 'Yes.' },
    ]
    expect(turnsOf(turn())).toEqual([hello, { role: 'assistant', content: own }])
    const anthropic = (model: string): Origin => ({ provider: 'anthropic', model })
    expect(turnsOf(turn(anthropic('m')))).toEqual([hello, { role: 'assistant', content: own }])
    expect(turnsOf(turn(anthropic('m-20260101')))).toEqual([hello, { role: 'assistant', content: own }])
    const acme = { provider: 'acme', model: 'm' }
    expect(turnsOf(turn(acme), { provider: 'acme' })).toEqual([hello, { role: 'assistant', content: own }])
    for (const other of [acme, anthropic('n')]) {
      expect(turnsOf(turn(other))).toEqual([hello, { role: 'assistant', content: 'Yes.' }])
      expect(openedAs({ messages: turn(other) }).dropped).toEqual(['reasoning of another model'])
    }
  })

  test('rewrites ids that the API refuses, in the call and in its result', () => {
    const messages: Message[] = [
      hello,
      { role: 'assistant', content: [{ type: 'tool-call', id: 'call:1.a', name: 'f', input: '{}' }] },
      { role: 'tool', toolCallId: 'call:1.a', content: '1' },
    ]
    expect(JSON.stringify(turnsOf(messages)).match(/call_1_a/g)).toHaveLength(2)
  })

  test.each(['{"x":', '[]', '{"x":1}{"x":1}'])('sends arguments that a model broke inside an object: %s', (json) => {
    const turn: Message = { role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'f', input: json }] }
    const input = { INVALID_JSON: json }
    expect(turnsOf([turn])).toEqual([{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input }] }])
  })
})

describe('reasoning', () => {
  const asked = (thinking: ThinkingStyle, reasoning: ReasoningEffort, maxTokens?: number): unknown => {
    const models = [{ id: 'm', outputTokens: 32_000, thinking }]
    const {
      thinking: sent,
      output_config: config,
      max_tokens: limit,
    } = bodyOf({ reasoning, ...(maxTokens !== undefined && { maxTokens }) }, { models })
    return { sent, config, limit }
  }
  const adaptive = { type: 'adaptive', display: 'summarized' }
  const off = { sent: { type: 'disabled' }, limit: 32_000 }
  const effort = (level: string) => ({ sent: adaptive, config: { effort: level }, limit: 32_000 })
  const budget = (tokens: number, limit = 32_000) => ({ sent: { type: 'enabled', budget_tokens: tokens }, limit })

  test.each<[ThinkingStyle, ReasoningEffort, unknown]>([
    ['adaptive', 'none', off],
    ['adaptive', 'minimal', effort('low')],
    ['adaptive', 'low', effort('low')],
    ['adaptive', 'medium', effort('medium')],
    ['adaptive', 'high', effort('high')],
    ['adaptive', 'xhigh', effort('xhigh')],
    ['adaptive', 'max', effort('max')],
    ['always', 'none', { config: { effort: 'low' }, limit: 32_000 }],
    ['always', 'high', effort('high')],
    ['between-tools', 'none', { sent: { type: 'between_tools' }, limit: 32_000 }],
    ['between-tools', 'medium', effort('medium')],
    ['budget', 'none', off],
    ['budget', 'minimal', budget(1024)],
    ['budget', 'low', budget(4096)],
    ['budget', 'medium', budget(8192)],
    ['budget', 'high', budget(16_384)],
    ['budget', 'xhigh', budget(24_576)],
    ['budget', 'max', budget(31_999)],
  ])('for a model of the style %s: %s', (style, reasoning, expected) => {
    expect(asked(style, reasoning)).toEqual(expected)
  })

  test.each<[ThinkingStyle, ReasoningEffort, string]>([
    ['adaptive', 'minimal', "reasoning: 'minimal' sent as 'low'"],
    ['adaptive', 'xhigh', "reasoning: 'xhigh' sent as 'high'"],
    ['always', 'none', "reasoning: 'none' sent as 'low'"],
    ['between-tools', 'none', "reasoning: 'none' sent as 'between_tools'"],
  ])('that the model (%s) does not have is named: %s', (thinking, reasoning, name) => {
    const models = [{ id: 'm', thinking, efforts: ['low', 'medium', 'high', 'max'] as const }]
    expect(openedAs({ reasoning }, { models }).dropped).toEqual([name])
    expect(openedAs({ reasoning: 'max' }, { models }).dropped).toEqual([])
  })

  test('leaves room for the answer: the limit grows when the request has none, otherwise the budget shrinks', () => {
    const models = [{ id: 'm', thinking: 'budget' as const }]
    expect(bodyOf({ reasoning: 'high' }, { models })).toMatchObject({
      max_tokens: 20_480,
      thinking: { budget_tokens: 16_384 },
    })
    expect(asked('budget', 'high', 5000)).toEqual(budget(4999, 5000))
    expect(asked('budget', 'high', 500)).toEqual(budget(1024, 500))
  })

  test('is combined with the format of the answer', () => {
    const schema = { type: 'object', additionalProperties: false }
    expect(bodyOf({ reasoning: 'low', responseFormat: { name: 'x', schema } }).output_config).toEqual({
      effort: 'low',
      format: { type: 'json_schema', schema },
    })
  })
})
