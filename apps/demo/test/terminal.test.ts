import { ChatError } from '@rivulet/core'
import { expect, test } from 'vitest'
import { oneLine } from '../src/terminal.ts'

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
