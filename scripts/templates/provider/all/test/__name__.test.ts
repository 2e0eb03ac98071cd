import { describeProvider } from '@rivulet/core'
import { answered, testErrors, testProvider } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { __camel__ } from '../src/index.ts'
import { sent, subject } from './subject.ts'

const runner = { describe, it }

testProvider({ runner, ...subject })
testErrors({ runner, ...subject, errors: new URL('fixtures/errors.json', import.meta.url) })

test('describes what it supports', () => {
  expect(describeProvider(__camel__())).toMatch(/^__Name__ supports: \(model: string, messages: Message\[\]/)
})

test('the request has this address, these headers and this body', async () => {
  // TODO: what else the endpoint wants.
  const { provider, request, answers } = subject
  const { resultOf } = answered({ ...answers.text, request: sent('a-secret-key') }, provider) //? auth
  const { resultOf } = answered({ ...answers.text, request: sent() }, provider) //? none
  expect(await resultOf(request)).toMatchObject({ provider: '__name__', text: answers.text.text, reason: 'stop' })
})
