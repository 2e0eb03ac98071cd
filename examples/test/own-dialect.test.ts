import { collect } from '@rivulet/core'
import { textFraming } from '@rivulet/core/provider'
import { answered, decoded } from '@rivulet/testkit'
import { expect, test } from 'vitest'
import { subject } from '../guides/own-package.ts'
import { parrot } from '../own-dialect.ts'
import { naive, sharing, trusting } from '../wrong/providers.ts'
import { testServer } from './server.ts'

// Its laws run where it is made.
const { request, answers } = subject
const { text: answer } = answers
const { body } = answer

test('what it sends', async () => {
  const { bodyOf } = answered(answer, (options) => parrot({ apiKey: 'key', ...options }))
  expect(await bodyOf({ ...request, maxTokens: 5 })).toEqual({ ...request, max: 5, stream: true })
})

test('the wrong sharing: what one answer says comes out of another', () => {
  decoded([Buffer.from('Half a sent')], textFraming(), sharing.decode)
  expect(decoded([Buffer.from('Whole.')], textFraming(), sharing.decode).events[0]).toMatchObject({
    text: 'Half a sentWhole.',
  })
})

test('the wrong trusting: an answer that broke off looks whole', async () => {
  const cut = body.subarray(0, 14)
  expect(decoded([cut], trusting.framing(''), trusting.decode).events.at(-1)?.type).toBe('finish')
  const { resultOf } = answered({ ...answer, body: cut }, (options) => parrot({ apiKey: 'key', ...options }))
  await expect(resultOf(request)).rejects.toMatchObject({ code: 'truncated', partial: { text: 'Hel' } })
})

test('the wrong naive: a request that changes after the call is sent changed, and a failure looks like an answer', async () => {
  await using server = await testServer((_, response) => response.writeHead(503).end())
  const changing = { model: 'grey', messages: [{ role: 'user' as const, content: 'Hello' }] }
  const answer = naive(server.url)(changing)
  changing.messages.pop()
  expect(await collect(answer)).toMatchObject({ text: 'Error 503', reason: 'stop' })
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({ model: 'grey', messages: [] })
})
