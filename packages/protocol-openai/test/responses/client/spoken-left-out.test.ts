import { expect, test } from 'vitest'
import { Spoken } from '../../../src/responses/client/spoken.ts'

const DIFFERS = 'the pieces of the answer differ from the text that it repeats'

/** A word is an item: the texts of its parts, separated by `+`. */
const partsOf = (item: string): string[] => item.split('+').filter((text) => text !== '')

/**
 * What is said when these items have arrived and the final response has those: the message of an error comes last. An item
 * with `…` has not ended by itself.
 */
function saidWhen(items: string, output: string): string {
  const said: string[] = []
  const spoken = new Spoken((text) => said.push(text), '+')
  for (const [index, item] of items.split(' ').entries()) {
    if (item.endsWith('…')) spoken.piece(`#${index}`, '0', item.slice(0, -1))
    else spoken.item(`#${index}`, partsOf(item))
  }
  try {
    for (const item of output.split(' ')) spoken.output(partsOf(item.replaceAll('_', ' ')))
    spoken.end()
  } catch (error) {
    said.push((error as Error).message)
  }
  return said.join(' ')
}

test.each([
  ['the first items', 'a b c', 'c', 'a b c'],
  ['items between others', 'a b c d e', 'a c e', 'a b c d e'],
  ['the last items', 'a b c', 'a', 'a b c'],
  ['items before one of several parts', 'a b+c', 'b+c', 'a b + c'],
  ['items of several parts', 'a+x b', 'b c', 'a + x b c'],
  ['the first items, and have others with other spaces around them', 'a b c', 'b__ __c', 'a b c'],
  ['the last items after one that did not end by itself', 'a… b', 'a', 'a b'],
])('the final response may leave out %s, if they have ended by themselves', (_what, items, output, said) => {
  expect(saidWhen(items, output)).toBe(said)
})

test.each([
  ['the first item', 'a… b', 'b', 'a b'],
  ['one between others', 'a b… c', 'c', 'a b c'],
  ['one between others, then the rest', 'a b… c', 'a', 'a b c'],
  ['the last item', 'a b…', 'a', 'a b'],
])('the final response may not leave out an item that has not ended: %s', (_what, items, output, said) => {
  expect(saidWhen(items, output)).toBe(`${said} ${DIFFERS}`)
})

test.each([
  ['leave out the end of an item', 'ab', 'a', 'ab'],
  ['leave out the end of an item before others', 'ab c', 'a', 'ab c'],
  ['go back', 'a b a c', 'a a b', 'a b a c'],
  ['have an item that has not been said before one that has', 'a b', 'x b', 'a b'],
])('the final response may not %s', (_what, items, output, said) => {
  expect(saidWhen(items, output)).toBe(`${said} ${DIFFERS}`)
})

test('the final response may join two items, also where another has the text of both', () => {
  expect(saidWhen('a b ab', 'ab ab')).toBe('a b ab')
  expect(saidWhen('a b ab', 'a b ab')).toBe('a b ab')
})

test('an item of the final response without text stands for nothing', () => {
  for (const output of [' a b', 'a  b', 'a b ']) expect(saidWhen('a b', output)).toBe('a b')
})

test('spaces around an item that comes after those left out do not matter', () => {
  const said: string[] = []
  const spoken = new Spoken((text) => said.push(text))
  spoken.item('#0', ['a'])
  spoken.item('#1', [' b'])
  spoken.item('#2', ['c '])
  spoken.output(['b '])
  spoken.output([' c'])
  spoken.output(['d'])
  spoken.end()
  expect(said).toEqual(['a', ' b', 'c ', 'd'])
})
