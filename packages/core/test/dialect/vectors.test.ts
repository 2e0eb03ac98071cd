import { expect, test } from 'vitest'
import { vectorsOf } from '../../src/dialect/vectors.ts'

test('the vectors have the order of the inputs, whatever order they come in', () => {
  expect(vectorsOf([{ vector: [1] }, { vector: [2, 3.5] }])).toEqual([[1], [2, 3.5]])
  const received = [
    { index: 2, vector: [2] },
    { index: 0, vector: [0] },
    { index: 1, vector: [1] },
  ]
  expect(vectorsOf(received, 3)).toEqual([[0], [1], [2]])
  expect(vectorsOf([{ index: null, vector: [1] }], 1)).toEqual([[1]])
})

const one = { vector: [1] }

test.each([
  ['too few', [one], 2, '1 vectors for 2 inputs'],
  ['too many', [one, one], 1, '2 vectors for 1 inputs'],
  ['none', [], 1, '0 vectors for 1 inputs'],
  [
    'two for one input',
    [
      { ...one, index: 0 },
      { ...one, index: 0 },
    ],
    2,
    'two vectors for input 0',
  ],
  ['two for one input, once by its place', [{ ...one, index: 1 }, one], 2, 'two vectors for input 1'],
  ['a huge index', [one, { ...one, index: 1e9 }], 2, 'index'],
  ['an index after the last', [{ ...one, index: 1 }], 1, 'index'],
  ['a negative index', [{ ...one, index: -1 }], 1, 'index'],
  ['a fractional index', [one, { ...one, index: 0.5 }], 2, 'index'],
  ['an index that is no number', [{ ...one, index: '0' }], 1, 'index'],
  ['an empty vector', [{ vector: [] }], 1, 'not a list of numbers'],
  ['no vector', [{ vector: undefined }], 1, 'not a list of numbers'],
  ['a text', [{ vector: 'AAAA' }], 1, 'not a list of numbers'],
  ['a number among words', [{ vector: [1, '2'] }], 1, 'not a list of numbers'],
  ['an infinite number', [{ vector: [Infinity] }], 1, 'not a list of numbers'],
  ['a hole', [{ vector: [1, null] }], 1, 'not a list of numbers'],
])('%s: malformed', (_what, received, inputs, message) => {
  expect(() => vectorsOf(received, inputs)).toThrow(
    expect.objectContaining({ code: 'malformed', message: expect.stringContaining(message) as string }),
  )
})
