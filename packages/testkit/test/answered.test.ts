import { expect, test } from 'vitest'
import { answered, listening, replay } from '../src/index.ts'
import { answer, keyed, request } from './support/keyed.ts'

const make = answered.bind(undefined, answer)

test('a provider is given the answer, as often as it is asked, and what it sends is kept', async () => {
  const { provider, resultOf, bodyOf, sent, lastBody } = make((options) => keyed({ apiKey: 'secret', ...options }))
  expect(provider.id).toBe('keyed')
  expect(sent).toEqual([])
  expect(() => lastBody()).toThrow('nothing sent')
  expect(await resultOf(request)).toMatchObject({ provider: 'keyed', text: 'Hello!' })
  expect(lastBody()).toEqual({ model: 'keyed-1' })
  expect(await bodyOf({ ...request, model: 'other' })).toEqual({ model: 'other' })
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST http://keyed.example/chat',
    'POST http://keyed.example/chat',
  ])
})

test('an answer may be an error, say more in its headers, and hold the request to what is named', async () => {
  const refusing = { ...answer, status: 429, headers: { 'retry-after': '2' }, body: 'Slowly.' }
  const { resultOf } = answered(refusing, (options) => keyed({ apiKey: 'secret', ...options }))
  await expect(resultOf(request)).rejects.toMatchObject({ code: 'rate-limited', status: 429, retryAfterMs: 2000 })
  const strict = answered({ ...answer, request: { method: 'GET' } }, (options) => keyed({ apiKey: 'k', ...options }))
  await expect(strict.resultOf(request)).rejects.toThrow('the request is not the recorded one')
})

test('what is listened to goes through unchanged', async () => {
  const { transport, sent, lastBody } = listening(replay({ status: 201, headers: { x: 'y' }, chunks: ['a', 'b'] }))
  const asked = { method: 'GET' as const, url: 'http://a.example', headers: { a: 'b' } }
  const { status, headers, body } = await transport(asked, { signal: new AbortController().signal })
  const pieces: string[] = []
  for await (const piece of body) pieces.push(Buffer.from(piece).toString())
  expect({ status, headers, pieces }).toEqual({ status: 201, headers: { x: 'y' }, pieces: ['a', 'b'] })
  expect(sent).toEqual([asked])
  expect(() => lastBody()).toThrow(TypeError)
})
