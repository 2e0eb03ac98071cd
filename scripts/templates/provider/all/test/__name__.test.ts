import { collect, describeProvider } from '@rivulet/core'
import { replay, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { __camel__ } from '../src/index.ts'
import { subject } from './subject.ts'

testProvider({ runner: { describe, it }, ...subject })

test('describes what it supports', () => {
  expect(describeProvider(__camel__())).toMatch(/^__Name__ supports: \(model: string, messages: Message\[\]/)
})

test('the request has this method and these headers', async () => {
  // TODO: the URL, the headers and the body that the endpoint wants.
  const transport = replay({
    request: { method: 'POST', headers: { authorization: 'Bearer a-key' } }, //? auth
    request: { method: 'POST', headers: { 'content-type': 'application/json' } }, //? none
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    chunks: [subject.answers.text.body],
  })
  const answer = await collect(__camel__({ apiKey: 'a-key', transport }).stream(subject.request)) //? auth
  const answer = await collect(__camel__({ transport }).stream(subject.request)) //? none
  expect(answer).toMatchObject({ provider: '__name__', text: 'Grüße', reason: 'stop' })
})
