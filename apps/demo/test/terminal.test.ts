import { ChatError } from '@rivulet/core'
import { expect, test } from 'vitest'
import type { Member } from '../src/backend.ts'
import { oneLine, welcome } from '../src/terminal.ts'

test('an error is one line: the provider, the problem, the next step', () => {
  const error = new ChatError('overloaded', 'lockchat: HTTP 503')
  expect(oneLine(error)).toBe('lockchat: HTTP 503. Try again, or choose another provider with --provider.')
})

test('the attempts of a group stay on the line', () => {
  const error = new ChatError(
    'exhausted',
    'rivulet: no member answered.\n  overloaded  a: HTTP 503\n  timeout  b: slow',
  )
  expect(oneLine(error)).toBe('no member answered: overloaded a: HTTP 503; timeout b: slow. Try again later.')
})

test('the message of an endpoint cannot control the terminal', () => {
  expect(oneLine(new Error('a\u001b[2Jb\u0007c\u009bd'))).toMatch(/^ab ?c ?d?$/)
})

test('the welcome is two lines of at most 80 columns, however many providers there are', () => {
  const members = Array.from({ length: 12 }, (_, index) => ({
    provider: { id: `p${index}`, info: { name: `Provider ${index}` } } as Member['provider'],
    simulated: false,
  }))
  const lines = welcome({ url: 'http://127.0.0.1:4001', backend: { members }, portInUse: 4000 })
    .split('\n')
    .filter((line) => line !== '')
  expect(lines).toEqual([
    '  ≈ Rivulet   http://127.0.0.1:4001   (4000 is in use)',
    expect.stringMatching(/^ {2}Provider 0, Provider 1, .+… Ctrl-C stops\.$/),
  ])
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
})
