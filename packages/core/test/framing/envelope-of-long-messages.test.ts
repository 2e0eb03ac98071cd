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
  test('is recognized', () => {
    for (const text of ['b', 'two\nlines']) {
      expect(learnt().textOf(frameOf(Buffer.from(long(text)), isBuffer))).toBe(text)
    }
  })

  test('is not recognized where any other byte differs', () => {
    const envelope = learnt()
    const message = Buffer.from(long('b'))
    const read = Array.from(message, (_, at) => {
      const other = Buffer.from(message)
      other[at] = 0x7a
      return envelope.textOf(frameOf(other, isBuffer))
    })
    const expected = Array.from(message, (): string | undefined => undefined)
    expected[message.indexOf('"b"') + 1] = 'z'
    expect(read).toEqual(expected)
  })

  test('is not recognized where it is cut, also at the end of what has come', () => {
    const envelope = learnt()
    const message = Buffer.from(long('b\n'))
    const read = new Set<string | undefined>()
    for (let length = 0; length < message.length; length++) {
      const cut = message.subarray(0, length)
      read.add(envelope.textOf(frameOf(cut, isBuffer)))
      const frame = frameOf(cut, isBuffer)
      frame.buffer = isBuffer ? Buffer.from(cut) : Uint8Array.from(cut)
      frame.start = 0
      frame.end = length
      read.add(envelope.textOf(frame))
    }
    expect(read).toEqual(new Set([undefined]))
  })
})
