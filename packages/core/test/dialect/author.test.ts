import { expect, test } from 'vitest'
import { isAuthor } from '../../src/dialect/author.ts'

test.each([
  ['acme', 'm1', true],
  ['acme', 'm1-20251001', true],
  ['acme', 'm1-2025-10-01', true],
  ['acme', 'm1@20251001', true],
  ['acme', 'm1-latest', true],
  ['acme', 'm1-001', true],
  ['acme', 'm1-mini', false],
  ['acme', 'm1-2', false],
  ['acme', 'm2', false],
  ['other', 'm1', false],
])('%s, %s: the author is acme, m1: %s', (provider, model, expected) => {
  expect(isAuthor({ provider, model }, 'acme', 'm1')).toBe(expected)
  expect(isAuthor({ provider: 'acme', model: 'm1' }, provider, model)).toBe(expected)
})

test('a turn without an origin counts as the model’s own', () => {
  expect(isAuthor(undefined, 'acme', 'm1')).toBe(true)
})
