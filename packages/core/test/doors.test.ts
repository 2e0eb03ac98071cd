import { expect, test } from 'vitest'
import * as authoring from '../src/authoring.ts'
import * as index from '../src/index.ts'

test('the first door has few enough names to be read in one go', () => {
  expect(Object.keys(index).length).toBeLessThanOrEqual(45)
})

test('no name is behind both doors', () => {
  expect(Object.keys(index).filter((name) => name in authoring)).toEqual([])
})
