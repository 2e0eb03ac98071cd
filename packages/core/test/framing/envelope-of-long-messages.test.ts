import { describe, expect, test } from 'vitest'
import { Envelope } from '../../src/framing/envelope.ts'
import { frameOf, pieceOf } from '../support/envelopes.ts'

/** More than 128 bytes before its text and after it: Node compares these natively. */
const long = (text: string): string =>
  `{"id":"${'i'.repeat(200)}","say":{"text":${JSON.stringify(text)}},"model":"${'m'.repeat(200)}"}`

function learnt(): Envelope {
  const envelope = new Envelope(pieceOf)
  expect(envelope.learn(long('a'), JSON.parse(long('a')))).toBe(true)
  return envelope
}

describe.each([true, false])('a message with much around its text (in a Buffer: %s)', (isBuffer) => {
  const textOf = (bytes: Uint8Array): string | undefined => learnt().textOf(frameOf(bytes, isBuffer))

  test('is recognized', () => {
    expect(textOf(Buffer.from(long('b')))).toBe('b')
    expect(textOf(Buffer.from(long('two\nlines')))).toBe('two\nlines')
  })

  test('is not recognized where any other byte differs', () => {
    const message = Buffer.from(long('b'))
    const textAt = message.indexOf('"b"') + 1
    for (let at = 0; at < message.length; at++) {
      const other = Buffer.from(message)
      other[at] = 0x7a
      expect(textOf(other), `byte ${at}`).toBe(at === textAt ? 'z' : undefined)
    }
  })

  test('is not recognized where it is cut, also at the end of what has come', () => {
    const message = Buffer.from(long('b\n'))
    for (let length = 0; length < message.length; length++) {
      expect(textOf(message.subarray(0, length)), `${length} bytes`).toBeUndefined()
      const frame = frameOf(new Uint8Array(0))
      const bytes = message.subarray(0, length)
      frame.buffer = isBuffer ? Buffer.from(bytes) : Uint8Array.from(bytes)
      frame.start = 0
      frame.end = length
      expect(learnt().textOf(frame), `${length} bytes`).toBeUndefined()
    }
  })
})
