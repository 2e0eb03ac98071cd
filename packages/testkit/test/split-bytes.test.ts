import { expect, test } from 'vitest'
import { splitBytes } from '../src/index.ts'

const bytes = Uint8Array.from({ length: 300 }, (_, at) => at % 256)

test('cuts at the given places, in any order, and makes no empty piece', () => {
  const pieces = splitBytes(bytes.subarray(0, 6), [4, 1, 0, 1, 6])
  expect(pieces.map((piece) => Array.from(piece))).toEqual([[0], [1, 2, 3], [4, 5]])
})

test('a seed cuts at the same places each time, and another seed at others', () => {
  const lengths = (seed: number) => splitBytes(bytes, seed).map(({ length }) => length)
  expect(lengths(7)).toEqual(lengths(7))
  expect(lengths(7)).not.toEqual(lengths(8))
})

test('the pieces joined are the bytes', () => {
  for (let seed = 0; seed < 100; seed++) {
    const pieces = splitBytes(bytes, seed)
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
    expect(pieces.every(({ length }) => length > 0)).toBe(true)
  }
})

test('no bytes give no pieces', () => {
  expect(splitBytes(new Uint8Array(), 1)).toEqual([])
  expect(splitBytes(new Uint8Array(), [])).toEqual([])
})

test('a place outside the bytes is refused', () => {
  expect(() => splitBytes(bytes, [301])).toThrow('a cut must be a whole number from 0 to 300, got 301')
  expect(() => splitBytes(bytes, [1.5])).toThrow(TypeError)
})
