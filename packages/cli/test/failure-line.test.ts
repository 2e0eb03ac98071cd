import { ChatError } from '@rivulet/core'
import { expect, test } from 'vitest'
import { failureLine } from '../src/failure-line.ts'

test('a failure is a sentence, and what to do', () => {
  expect(failureLine(new ChatError('auth', 'openai: HTTP 401, wrong key: no such key'))).toBe(
    'openai: HTTP 401, wrong key: no such key. Check the API key.',
  )
})

test('advice that the message gives is not repeated', () => {
  expect(failureLine(new ChatError('truncated', 'openai: it broke off. Retry.'))).toBe('openai: it broke off. Retry.')
  expect(failureLine(new ChatError('exhausted', 'all failed. openai: Retry.'))).toBe('all failed. openai: Retry.')
})

test('of a page that an endpoint sent, the beginning is shown', () => {
  expect(failureLine(new ChatError('malformed', `a page: ${'<p>'.repeat(1_000)}`))).toMatch(/^a page: .{292}… Check/)
})

test('a mistake is said in its own words', () => {
  expect(failureLine(new TypeError('rivulet: no such option'))).toBe('no such option')
})
