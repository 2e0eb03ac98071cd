import { expect, test } from 'vitest'
import { firstCandidate } from '../../src/client/candidate.ts'

test.each<[string, unknown, unknown]>([
  ['that of index 0, wherever it is', [{ index: 1 }, { index: 0, id: 'a' }], { index: 0, id: 'a' }],
  ['the one without an index', [{ id: 'a' }], { id: 'a' }],
  ['the one whose index is null', [{ index: null, id: 'a' }], { index: null, id: 'a' }],
  ['the first of several', [{ id: 'a' }, { index: 0, id: 'b' }], { id: 'a' }],
  ['the first that is an object', [null, 'a', ['b'], { id: 'c' }], { id: 'c' }],
])('the first candidate is %s', (_which, candidates, first) => {
  expect(firstCandidate(candidates)).toEqual(first)
})

test.each([[undefined], [null], [{}], ['a'], [[]], [[null]], [[{ index: 1 }]], [[{ index: '0' }]]])(
  'there is none in %j',
  (candidates) => {
    expect(firstCandidate(candidates)).toBeUndefined()
  },
)
