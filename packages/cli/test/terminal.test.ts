import { expect, test } from 'vitest'
import { forTerminal, lineOf, seconds } from '../src/terminal.ts'

test('an answer cannot move the cursor, or set the title of the terminal, however it is split', () => {
  const text = 'one\u001B[2J\u001B]0;title\u0007\ttwo\r\n\u009B31mthree \u{1F30A}\n'
  const whole = 'one[2J]0;title\ttwo\n31mthree \u{1F30A}\n'
  expect(forTerminal(text)).toBe(whole)
  expect(Array.from(text, forTerminal).join('')).toBe(whole)
})

test('an error is one line without control characters', () => {
  expect(lineOf(new Error('rivulet: it\u001B[31m failed:\n  twice\u0007 '))).toBe('it failed: twice')
  expect(lineOf('no more')).toBe('no more')
})

test('times are seconds with two digits', () => {
  expect(seconds(1_234)).toBe('1.23 s')
})
