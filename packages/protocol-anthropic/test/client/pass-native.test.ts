import type { ChatRequest } from '@rivulet/core'
import { writeSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { messages, messagesServer } from '../../src/index.ts'

const server = messagesServer()
/** A request that came in this dialect, as it is sent on to the model `to`. */
function passed(body: string, more: Partial<ChatRequest> = {}, headers: Record<string, string> = {}) {
  const { request } = server.read({ path: '/v1/messages', headers, body })
  const { http, dropped } = messages().open({ ...request, ...more })
  return { json: http.json, headers: http.headers, dropped }
}
const sealedBy = (provider: string, model: string): string => writeSeal({ provider, model, value: 'S"ig' })
/** A conversation whose second turn has these blocks. */
const answered = (...content: object[]): string =>
  JSON.stringify({
    model: 'm',
    max_tokens: 9,
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content },
      { role: 'user', content: 'Go on' },
    ],
  })
const yes = { type: 'text', text: 'Yes.' }

describe('a request of the same dialect', () => {
  test('passes byte for byte, but for the model and whether it streams', () => {
    const body =
      '{ "max_tokens": 9,\n"model":"mine", "metadata":{"n":12345678901234567890}, "context_management":{"edits":[]},"messages":[{"role":"user","content":"Hé"}]}'
    expect(passed(body, { model: 'claude-opus-5-5' })).toEqual({
      json: body.replace('mine', 'claude-opus-5-5'),
      headers: {},
      dropped: [],
    })
    expect(passed(body, { stream: true }).json).toContain(',"stream":true}')
  })

  test('has its version and its betas, and no account of its client', () => {
    const headers = {
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'a,b',
      'anthropic-organization-id': 'o',
      'x-api-key': 'k',
      authorization: 'Bearer k',
    }
    expect(passed(answered(yes), {}, headers).headers).toEqual({
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'a,b',
    })
  })

  test('has the extra fields of the caller', () => {
    const extra = { 'anthropic-messages': { service_tier: 'auto' } }
    expect(passed(answered(yes), { extra }).json).toContain('"service_tier":"auto"')
  })

  test('has no blank texts, which the API gives and refuses: they are taken out and named', () => {
    const { json = '', dropped } = passed(answered({ type: 'text', text: '\n' }, yes))
    expect(JSON.parse(json)).toEqual(JSON.parse(answered(yes)))
    expect(dropped).toEqual(['blank texts'])
    expect(JSON.parse(passed(answered({ type: 'text', text: '' })).json ?? '')).toMatchObject({
      messages: [{ content: 'Hello' }, { content: 'Go on' }],
    })
  })
})

describe('a sealed thought', () => {
  const thinking = (signature: string) => ({ type: 'thinking', thinking: 'Hm.', signature })

  test('of the model that is asked is opened inside the text', () => {
    const own = sealedBy('anthropic', 'm-20260101')
    const body = answered(thinking(own), { type: 'redacted_thinking', data: own }, yes)
    const { json, dropped } = passed(body)
    expect(json).toBe(body.replaceAll(`"${own}"`, '"S\\"ig"'))
    expect(dropped).toEqual([])
  })

  test('of another model is taken out and named, and a turn that is left empty goes too', () => {
    const [own, other] = [sealedBy('anthropic', 'm'), sealedBy('anthropic', 'n')]
    const { json = '', dropped } = passed(answered(thinking(own), thinking(other), yes))
    expect(JSON.parse(json)).toEqual(JSON.parse(answered(thinking('S"ig'), yes)))
    expect(dropped).toEqual(['reasoning of another model'])
    expect(JSON.parse(passed(answered(thinking(other))).json ?? '')).toMatchObject({
      messages: [{ content: 'Hello' }, { content: 'Go on' }],
    })
  })

  test('that is all that is left of a turn goes with it, since a turn must not end with a thought', () => {
    const own = thinking(sealedBy('anthropic', 'm'))
    const rest = { messages: [{ content: 'Hello' }, { content: 'Go on' }] }
    expect(JSON.parse(passed(answered(own, thinking(sealedBy('acme', 'n')))).json ?? '')).toMatchObject(rest)
    expect(JSON.parse(passed(answered(own, { type: 'text', text: '' })).json ?? '')).toMatchObject(rest)
  })

  test('is left to the caller where it is quoted in a text', () => {
    const body = answered({ type: 'text', text: sealedBy('acme', 'n') })
    expect(passed(body).json).toBe(body)
  })
})

test('a request of another dialect is encoded, and names what had no field', () => {
  const native = { dialect: 'openai-chat', text: '{}', body: {}, headers: {}, unnamed: ['logit_bias', 'store'] }
  const { http, dropped } = messages().open({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], native })
  expect(http.json).toBeUndefined()
  expect(dropped).toEqual(['logit_bias', 'store'])
})
