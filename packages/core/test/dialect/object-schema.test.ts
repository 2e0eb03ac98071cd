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
