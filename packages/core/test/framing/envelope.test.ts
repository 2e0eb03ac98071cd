import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Envelope } from '../../src/framing/envelope.ts'
import { changed, changes, type Envelopes, pieceOf, runs } from '../support/envelopes.ts'
import { Hurried, type Mistake } from '../support/hurried-envelope.ts'
import { read, say } from '../support/read-envelopes.ts'

const law = (make: () => Envelopes) =>
  fc.property(runs, changes, fc.boolean(), (messages, made, isBuffer) => {
    read(changed(messages, made), make(), isBuffer)
  })

describe('what is cut out is what the full parse says', () => {
  test('of any messages, also with bytes changed, lost and put in', () => {
    fc.assert(
      law(() => new Envelope(pieceOf)),
      { numRuns: 10_000 },
    )
  })

  test.each([true, false])('of one byte changed, lost or put in at every place (in a Buffer: %s)', (isBuffer) => {
    const messages = [say('a', 1, '10:25'), say('b', 1, '10:26'), say('c', 1, '10:27')]
    for (let at = 0; at <= say('c', 1, '10:27').length; at++) {
      for (const put of [[], [34], [92], [44], [10], [32], [97], [125], [0xff]]) {
        for (const lost of [0, 1] as const) {
          read(changed(messages, [[2, at, lost, put]]), new Envelope(pieceOf), isBuffer)
        }
      }
    }
  })
})

describe('the law notices', () => {
  test('nothing in an envelope that forgets nothing', () => {
    fc.assert(
      law(() => new Hurried()),
      { numRuns: 3_000 },
    )
  })

  test.each<Mistake>(['escapes', 'what stands behind', 'the proof', 'the padding', 'the end of the noise'])(
    'an envelope that forgets %s',
    (mistake) => {
      expect(() => {
        fc.assert(
          law(() => new Hurried(mistake)),
          // One of them shows in one run of some thousands: with a seed, always or never.
          { numRuns: 20_000, seed: 1 },
        )
      }).toThrow()
    },
  )
})
