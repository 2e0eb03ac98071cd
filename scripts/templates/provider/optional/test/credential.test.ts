import { answered } from '@rivulet/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { __camel__ } from '../src/index.ts'
import { sent, subject } from './subject.ts'

const { request, answers } = subject

beforeEach(() => {
  vi.stubEnv('__ENV___API_KEY', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

test('a key of the environment is sent', async () => {
  vi.stubEnv('__ENV___API_KEY', 'a-key')
  const { resultOf } = answered({ ...answers.text, request: sent('a-key') }, __camel__)
  await expect(resultOf(request)).resolves.toMatchObject({ reason: 'stop' })
})

test('without a key, none is sent', async () => {
  const { resultOf, sent: requests } = answered(answers.text, __camel__)
  await expect(resultOf(request)).resolves.toMatchObject({ reason: 'stop' })
  expect(Object.keys(requests[0]?.headers ?? {}).filter((name) => /^authorization$|-key$/.test(name))).toEqual([])
})
