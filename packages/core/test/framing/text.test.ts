import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Framing } from '../../src/protocol.ts'
import { textFraming } from '../../src/framing/text.ts'
import { bytesOf, cut, dataOf, sizes, textOfBytes } from '../support/frames.ts'

/** Text in every length of character there is. */
const anyText = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '漢', '\uFEFF', '🌊', '𝄞'), maxLength: 40 })
/** Bytes that are UTF-8 in places: leads, continuations and what is neither. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(0x41, 0x80, 0xbf, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f, 0x8c, 0xff, 0xc0, 0xf5),
      fc.nat(255),
    ),
    { maxLength: 40 },
  )
  // A body that ends inside a character has a test of its own.
  .map((bytes) => Uint8Array.from([...bytes, 0x41]))

/** A byte order mark at the start is no text; behind it, U+FEFF is. */
const withoutMark = (whole: string) => whole.replace(/^\uFEFF/, '')

const neverBreaksACharacter = (framing: Framing) =>
  fc.property(anyText, sizes, (whole, pieces) => {
    const deltas = dataOf(framing, cut(bytesOf(whole), pieces))
    expect(deltas.join('')).toBe(withoutMark(whole))
    for (const delta of deltas) expect(delta.isWellFormed() && !delta.includes('\uFFFD')).toBe(true)
  })

test('never breaks a character, whatever the cuts', () => {
  fc.assert(neverBreaksACharacter(textFraming()), { numRuns: 500 })
})

test('the law notices a framing that decodes each chunk for itself', () => {
  const naive: Framing = (out) => ({
    push: (buffer) => {
      out.push({ event: undefined, buffer, start: 0, end: buffer.length, text: () => textOfBytes(buffer) })
    },
    end: () => {
      out.end()
    },
  })
  expect(() => {
    fc.assert(neverBreaksACharacter(naive))
  }).toThrow()
})

test('what is not UTF-8 becomes what TextDecoder makes of the whole body', () => {
  fc.assert(
    fc.property(anyBytes, sizes, (bytes, pieces) => {
      expect(dataOf(textFraming(), cut(bytes, pieces)).join('')).toBe(withoutMark(textOfBytes(bytes)))
    }),
    { numRuns: 2_000 },
  )
})

test('every whole character is delivered at once, and only a cut one waits', () => {
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

test('an empty body is no frame', () => {
  expect(dataOf(textFraming(), [])).toEqual([])
  expect(dataOf(textFraming(), [new Uint8Array(0)])).toEqual([])
})
