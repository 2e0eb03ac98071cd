import { ChatError, type ErrorCode } from '@rivulet/core'
import { CODES } from '@rivulet/core/provider'
import { expect, test } from 'vitest'
import { exitCodeOf, exitCodeOfEnd } from '../src/exit-code.ts'

const EXPECTED: Record<ErrorCode, number> = {
  overloaded: 1,
  network: 1,
  malformed: 1,
  exhausted: 1,
  'bad-request': 2,
  'context-length': 2,
  'not-found': 2,
  unsupported: 2,
  auth: 3,
  quota: 4,
  'rate-limited': 4,
  timeout: 5,
  truncated: 6,
  'content-filter': 7,
}

test.each(Object.entries(EXPECTED))('%s is exit code %i', (code, expected) => {
  // Object.entries widens the keys to string.
  expect(exitCodeOf(new ChatError(code as ErrorCode, 'it failed'))).toBe(expected)
})

test('every code has one', () => {
  expect(Object.keys(CODES).sort()).toEqual(Object.keys(EXPECTED).sort())
})

test('a group that gave up has the exit code that its attempts agree on, or else that of a provider', () => {
  const attempt = (code: ErrorCode): ChatError => new ChatError(code, 'it failed')
  const group = (...attempts: ChatError[]): ChatError => new ChatError('exhausted', 'all failed', { attempts })
  expect(exitCodeOf(group(attempt('quota'), attempt('rate-limited')))).toBe(4)
  expect(exitCodeOf(group(attempt('auth'), attempt('timeout')))).toBe(1)
  expect(exitCodeOf(group(group(attempt('timeout')), attempt('timeout')))).toBe(5)
})

test('an answer that was cut off at a limit, or filtered, is no success', () => {
  expect(exitCodeOfEnd('length')).toBe(6)
  expect(exitCodeOfEnd('content-filter')).toBe(7)
  for (const reason of ['stop', 'tool-calls', 'other', undefined] as const) expect(exitCodeOfEnd(reason)).toBe(0)
})
