import fc from 'fast-check'
import { expect, test } from 'vitest'
import { piecesOfHtml } from '../../public/prose/html-pieces.js'
import { decoded } from '../../public/prose/entities.js'
import { finished } from '../../public/prose/unfinished.js'

test.each([
  ['a **b', 'a **b**'],
  ['a **b **', 'a **b**'],
  ['a **b ', 'a **b**'],
  ['a **', 'a '],
  ['a `b * c', 'a `b * c`'],
  ['a `', 'a '],
  ['see [text](https://a.exa', 'see text'],
  ['see [te', 'see te'],
  ['an array[0]', 'an array[0]'],
  ['~~gone', '~~gone~~'],
  ['one **two**\nthree', 'one **two**\nthree'],
  ['`a **` and b', '`a **` and b'],
])('in a streaming text, %j counts as %j', (text, expected) => {
  expect(finished(text)).toBe(expected)
})

test('a text without marks stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '\n', '水', '.', '(') }), (text) => {
      expect(finished(text)).toBe(text)
    }),
  )
})

test.each([
  ['a &amp; b &lt; c', 'a & b < c'],
  ['&#8364; &#x20ac; &hellip;', '€ € …'],
  ['&unheard; &constructor; &#0; &#9999999; &', '&unheard; &constructor; &#0; &#9999999; &'],
])('%j is %j', (text, expected) => {
  expect(decoded(text)).toBe(expected)
})

test('colours are lengths and kinds: the innermost one counts', () => {
  const html = 'a <span class="k">if</span> <span class="s">&quot;x<span class="v">y</span>&quot;</span>&amp;'
  expect(piecesOfHtml(html)).toEqual([
    { kind: '', length: 2 },
    { kind: 'k', length: 2 },
    { kind: '', length: 1 },
    { kind: 's', length: 2 },
    { kind: 'v', length: 1 },
    { kind: 's', length: 1 },
    { kind: '', length: 1 },
  ])
})
