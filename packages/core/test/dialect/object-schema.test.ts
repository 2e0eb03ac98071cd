import { expect, test } from 'vitest'
import { objectSchema } from '../../src/dialect/object-schema.ts'

const x = { x: { type: 'number' } }

test.each([
  [undefined, { type: 'object', properties: {} }],
  [{}, { type: 'object', properties: {} }],
  [{ type: 'object' }, { type: 'object', properties: {} }],
  [
    { type: 'object', properties: null },
    { type: 'object', properties: {} },
  ],
  [{ properties: x }, { type: 'object', properties: x }],
  [
    { type: ['object', 'null'], properties: x, required: ['x'] },
    { type: 'object', properties: x, required: ['x'] },
  ],
])('%j becomes a whole schema of an object', (parameters, expected) => {
  expect(objectSchema(parameters)).toEqual(expected)
})

test('a whole schema stays as it is', () => {
  const schema = { type: 'object', properties: x, additionalProperties: false }
  expect(objectSchema(schema)).toBe(schema)
})

test('keywords that are null are left out', () => {
  const properties = { a: { type: 'string' } }
  expect(objectSchema({ type: 'object', properties, required: null })).toEqual({ type: 'object', properties })
  expect(objectSchema({ type: 'object', properties: null, required: null, title: 'x' })).toEqual({
    type: 'object',
    properties: {},
    title: 'x',
  })
})
