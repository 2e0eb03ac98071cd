import type { ChatRequest } from '@rivulet/core'
import { writeSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { responses } from '../../../src/index.ts'

const seal = (provider: string, value: string): string => writeSeal({ provider, model: 'gpt-6', value, id: 'rs_1' })
const opened = (text: string, request: Partial<ChatRequest> = {}) => {
  const body = JSON.parse(text) as Record<string, unknown>
  const native = { dialect: 'openai-responses', text, body, headers: { 'openai-beta': 'x' }, unnamed: ['user'] }
  const { http, dropped } = responses({ origin: 'openai' }).open({
    model: 'gpt-6',
    messages: [{ role: 'user', content: 'not read' }],
    native,
    ...request,
  })
  return { ...http, dropped }
}
const reasoning = (content: string): object => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: [],
  encrypted_content: content,
})

describe('a request of this dialect', () => {
  const text = '{"user":"a","input" : "h\\u0069","model":"alias","seed":12345678901234567890,"stream":true}'

  test('passes byte for byte, but for its model', () => {
    expect(opened(text)).toMatchObject({
      path: '/responses',
      json: text.replace('"alias"', '"gpt-6"'),
      headers: { 'openai-beta': 'x' },
      dropped: [],
    })
  })

  test('asks for the form of the answer that the call asks for', () => {
    expect(opened(text, { stream: false }).json).toContain('"stream":false')
    expect(opened('{"input":"hi"}', { stream: false }).json).toBe('{"input":"hi","model":"gpt-6"}')
    expect(opened('{"input":"hi"}').json).toBe('{"input":"hi","model":"gpt-6","stream":true}')
  })

  test('gets the fields of `extra`', () => {
    const extra = { 'openai-responses': { service_tier: 'flex' } }
    expect(opened('{"input":"hi"}', { extra }).json).toContain('"service_tier":"flex"')
  })
})

describe('reasoning in a request of this dialect', () => {
  const sent = (...items: object[]) => opened(JSON.stringify({ big: 1, input: items }))
  const inputIn = (json: string | undefined): unknown => (JSON.parse(json ?? '') as { input: unknown }).input

  test('of the endpoint’s own is opened', () => {
    const { json, dropped } = sent(reasoning(seal('openai', 'gAAA')), reasoning(seal('openai', 'gBBB')))
    expect(inputIn(json)).toEqual([reasoning('gAAA'), reasoning('gBBB')])
    expect(dropped).toEqual([])
  })

  test('without a seal of ours is the endpoint’s own', () => {
    expect(inputIn(sent(reasoning('gAAA')).json)).toEqual([reasoning('gAAA')])
  })

  test.each([
    ['of another provider', seal('azure', 'gAAA')],
    ['that is a signature, of any provider', seal('openai', 'signature:abc')],
    ['that is a signature, without a seal', 'signature:abc'],
  ])('%s is left out and named', (_what, content) => {
    const message = { role: 'user', content: 'a' }
    const { json, dropped } = sent(reasoning(content), message, reasoning(seal('openai', 'gAAA')))
    expect(inputIn(json)).toEqual([message, reasoning('gAAA')])
    expect(dropped).toEqual(['reasoning of another model'])
  })
})
