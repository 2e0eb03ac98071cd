import { expect, test } from 'vitest'
import { didYouMean, nearest, shown } from '../../src/check/suggest.ts'

const names = ['model', 'messages', 'temperature', 'topP', 'maxTokens', 'stop']

test.each([
  ['temprature', 'temperature'],
  ['Temperature', 'temperature'],
  ['message', 'messages'],
  ['max_tokens', 'maxTokens'],
  ['top_p', 'topP'],
  ['stops', 'stop'],
])('"%s" probably means "%s"', (typed, meant) => {
  expect(nearest(typed, names)).toBe(meant)
  expect(didYouMean(typed, names)).toBe(` Did you mean "${meant}"?`)
})

test.each(['conversation', 'zzzzz', ''])('nothing is near "%s"', (typed) => {
  expect(nearest(typed, ['temperature', 'messages'])).toBeUndefined()
  expect(didYouMean(typed, ['temperature', 'messages'])).toBe('')
})

test('the nearest wins; of two equally near, the first', () => {
  expect(nearest('stop', ['stap', 'stop'])).toBe('stop')
  expect(nearest('stip', ['stap', 'stop'])).toBe('stap')
})

test('no names, no suggestion', () => {
  expect(didYouMean('model', [])).toBe('')
})

test('a name of any length is not compared, and is shortened where it is shown', () => {
  const endless = 'temperature'.repeat(100_000)
  expect(nearest(endless, names)).toBeUndefined()
  expect(nearest('temprature', [endless, 'temperature'])).toBe('temperature')
  expect(shown(endless)).toBe(`${endless.slice(0, 100)}…`)
  expect(shown('temperature')).toBe('temperature')
})

test('of any number of names only so many are compared', () => {
  let read = 0
  const endless = (function* () {
    for (;;) {
      read++
      yield `name${read % 10}`
    }
  })()
  expect(nearest('nxyzq', endless)).toBeUndefined()
  expect(read).toBeLessThan(10_000)
})
