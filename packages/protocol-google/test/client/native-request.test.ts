import type { ChatRequest } from '@rivulet/core'
import { writeSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { gemini } from '../../src/index.ts'
import { MODEL } from '../support/server.ts'
import { geminiServer } from '../../src/index.ts'

/** The request of a client as it goes out to Acme, which rewrites nothing. */
const passedOn = (text: string, more: Partial<ChatRequest> = {}, headers = {}) => {
  const { request } = geminiServer({ seal: true }).read({ path: `${MODEL}:generateContent`, headers, body: text })
  return gemini({ provider: 'acme' }).open({ ...request, ...more })
}

describe('a request that came in this dialect', () => {
  const text = '{"contents" : [{"parts":[{"text":"Hello"}]}], "safety_settings":[], "n":12345678901234567890}'

  test('goes out byte for byte, with its headers, to the model and the method that are asked for', () => {
    const { http, dropped } = passedOn(text, { model: 'other' }, { 'x-goog-api-client': 'genai' })
    expect(http).toMatchObject({
      path: '/v1beta/models/other:generateContent',
      json: text,
      headers: { 'x-goog-api-client': 'genai' },
    })
    expect(dropped).toEqual([])
    expect(passedOn(text, { stream: true }).http.path).toBe('/v1beta/models/acme-1:streamGenerateContent?alt=sse')
  })

  test('names the model in its body too, where the client does, and has the fields of extra', () => {
    const named = text.replace('{', '{"model":"models/alias",')
    const { json } = passedOn(named, { model: 'other', extra: { gemini: { labels: { a: 'b' } } } }).http
    expect(json).toContain('"model":"models/other"')
    expect(json).toContain('"labels":{"a":"b"}')
    expect(json).toContain('"n":12345678901234567890')
  })

  test('is encoded from its fields for another dialect, and what has none is named', () => {
    const native = { dialect: 'openai-chat', text, body: {}, headers: {}, unnamed: ['logit_bias'] }
    const { http, dropped } = passedOn(text, { native })
    expect(http.json).toBeUndefined()
    expect(dropped).toEqual(['logit_bias'])
  })
})

describe('a seal in it', () => {
  const seal = (provider: string, model: string, value: string): string => writeSeal({ provider, model, value })
  const own = seal('acme', 'acme-1', 'CtQB+/=')
  const foreign = seal('anthropic', 'claude', 'EqQB')
  const bodyOf = (...turns: object[][]): string =>
    JSON.stringify({
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }, ...turns.map((parts) => ({ role: 'model', parts }))],
    })
  const call = { functionCall: { name: 'f', args: {} } }

  test('of this author is opened in the text, whatever the spelling of its field', () => {
    const text = bodyOf([
      { ...call, thoughtSignature: own },
      { text: own, thought_signature: own },
    ])
    expect(passedOn(text).http.json).toBe(text.replaceAll(`ignature":"${own}`, 'ignature":"CtQB+/='))
  })

  test('in the words of a message is left alone', () => {
    const text = bodyOf([{ text: `"thoughtSignature":"${own}"` }])
    expect(passedOn(text).http.json).toBe(text)
  })

  test('of another author goes, with its thought, which is named; so does a turn that is left empty', () => {
    const thought = { text: 'Hm.', thought: true, thoughtSignature: foreign }
    const { http, dropped } = passedOn(
      bodyOf(
        [thought],
        [
          { ...thought, thoughtSignature: own },
          { text: 'Yes.', thoughtSignature: foreign },
          { text: '', thought_signature: foreign },
          { ...call, thought_signature: foreign },
        ],
      ),
    )
    expect(JSON.parse(http.json ?? '')).toEqual({
      contents: [
        { role: 'user', parts: [{ text: 'Hello' }] },
        {
          role: 'model',
          parts: [
            { text: 'Hm.', thought: true, thoughtSignature: 'CtQB+/=' },
            { text: 'Yes.' },
            { ...call, thoughtSignature: 'skip_thought_signature_validator' },
          ],
        },
      ],
    })
    expect(dropped).toEqual(['reasoning of another model'])
  })

  test('that cannot be read is left alone', () => {
    const text = bodyOf([{ text: 'Yes.', thoughtSignature: 'rvl1.forged' }])
    expect(passedOn(text).http.json).toBe(text)
  })

  test('is found whatever else is in the body', () => {
    const signed = { text: 'Yes.', thoughtSignature: foreign }
    const jsonOf = (contents: unknown): unknown => {
      const body = { contents }
      const native = { dialect: 'gemini', text: JSON.stringify(body), body, headers: {}, unnamed: [] }
      const { json = '' } = gemini().open({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], native }).http
      return (JSON.parse(json) as { contents: unknown }).contents
    }
    expect(jsonOf({ parts: [signed] })).toEqual([{ parts: [{ text: 'Yes.' }] }])
    const odd = [null, { role: 'user' }, { parts: [null, 'text', { text: 'plain', thoughtSignature: 7 }] }]
    expect(jsonOf([...odd, { parts: [signed] }])).toEqual([...odd, { parts: [{ text: 'Yes.' }] }])
  })

  test('of another model of this provider is another author’s', () => {
    const text = bodyOf([{ text: 'Yes.', thoughtSignature: own }])
    expect(passedOn(text, { model: 'acme-2' }).http.json).not.toContain('rvl1.')
    expect(passedOn(text, { model: 'acme-1-001' }).http.json).toContain('CtQB')
  })
})
