import { expect, test } from 'vitest'
import { answered } from '../src/index.ts'
import { answer, keyed, request } from './support/keyed.ts'

const make = answered.bind(undefined, answer)

test('every request gets the answer, and what is sent is kept', async () => {
  const { provider, resultOf, bodyOf, sent, lastBody } = make((options) => keyed({ apiKey: 'secret', ...options }))
  expect(provider.id).toBe('keyed')
  expect(sent).toEqual([])
  expect(() => lastBody()).toThrow('nothing was sent')
  expect(await resultOf(request)).toMatchObject({ provider: 'keyed', text: 'Hello!' })
  expect(lastBody()).toEqual({ model: 'keyed-1' })
  expect(await bodyOf({ ...request, model: 'other' })).toEqual({ model: 'other' })
  expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST http://keyed.example/chat',
    'POST http://keyed.example/chat',
  ])
})

test('an answer may be an error, have headers, and say what the request must be', async () => {
  const refusing = { ...answer, status: 429, headers: { 'retry-after': '2' }, body: 'Slowly.' }
  const { resultOf } = answered(refusing, (options) => keyed({ apiKey: 'secret', ...options }))
  await expect(resultOf(request)).rejects.toMatchObject({ code: 'rate-limited', status: 429, retryAfterMs: 2000 })
  const strict = answered({ ...answer, request: { method: 'GET' } }, (options) => keyed({ apiKey: 'key', ...options }))
  await expect(strict.resultOf(request)).rejects.toThrow('the request is not the recorded one')
})
