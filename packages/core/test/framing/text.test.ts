import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Framing } from '../../src/protocol.ts'
import { textFraming } from '../../src/framing/text.ts'
import { bytesOf, cut, dataOf, sizes, textOfBytes } from '../support/frames.ts'

/** Text with characters of every UTF-8 length. */
const anyText = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '漢', '\uFEFF', '🌊', '𝄞'), maxLength: 40 })
/** Bytes that are partly UTF-8: lead bytes, continuation bytes and others. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f, 0x8c, 0xff, 0xc0, 0xf5),
      fc.nat(255),
    ),
    { maxLength: 40 },
  )
  // A body that ends inside a character has its own test.
  .map((bytes) => Uint8Array.from([...bytes, 0x41]))

/** A byte order mark at the start is not text; a later U+FEFF is. */
const withoutMark = (whole: string) => whole.replace(/^\uFEFF/, '')

const neverSplitsACharacter = (framing: Framing) =>
  fc.property(anyText, sizes, (whole, pieces) => {
    const deltas = dataOf(framing, cut(bytesOf(whole), pieces))
    expect(deltas.join('')).toBe(withoutMark(whole))
    for (const delta of deltas) expect(delta.isWellFormed() && !delta.includes('\uFFFD')).toBe(true)
  })

test('never splits a character, however cut', () => {
  fc.assert(neverSplitsACharacter(textFraming()), { numRuns: 500 })
})

test('the law notices a framing that decodes each chunk separately', () => {
  const naive: Framing = (out) => ({
    push: (buffer) => {
      out.push({ event: undefined, buffer, start: 0, end: buffer.length, text: () => textOfBytes(buffer) })
    },
    end: () => {
      out.end()
    },
  })
  expect(() => {
    fc.assert(neverSplitsACharacter(naive))
  }).toThrow()
})

test('invalid UTF-8 is decoded as TextDecoder decodes the whole body', () => {
  fc.assert(
    fc.property(anyBytes, sizes, (bytes, pieces) => {
      expect(dataOf(textFraming(), cut(bytes, pieces)).join('')).toBe(withoutMark(textOfBytes(bytes)))
    }),
    { numRuns: 2_000 },
  )
})

test('every whole character is delivered at once, and only a split one waits', () => {
  const seen: string[] = []
  const sink = textFraming()({ push: (frame) => seen.push(frame.text()), end: () => undefined })
  const wave = bytesOf('a🌊b')
  sink.push(wave.subarray(0, 3))
  expect(seen).toEqual(['a'])
  sink.push(wave.subarray(3, 4))
  expect(seen).toEqual(['a'])
  sink.push(wave.subarray(4))
  expect(seen.join('')).toBe('a🌊b')
})

test('a body that ends inside a character is truncated', () => {
  for (const length of [1, 2, 3]) {
    const body = bytesOf('🌊').subarray(0, length)
    expect(() => dataOf(textFraming(), [bytesOf('a'), body])).toThrow(expect.objectContaining({ code: 'truncated' }))
  }
})

test('an empty body has no frame', () => {
  expect(dataOf(textFraming(), [])).toEqual([])
  expect(dataOf(textFraming(), [new Uint8Array(0)])).toEqual([])
})
