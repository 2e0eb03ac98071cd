import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Envelope } from '../../src/framing/envelope.ts'
import { changes, type EnvelopeReader, pieceOf, runs, withChanges } from '../support/envelopes.ts'
import { type Flaw, FlawedEnvelope } from '../support/flawed-envelope.ts'
import { readMessages, say } from '../support/read-envelopes.ts'

const law = (make: () => EnvelopeReader) =>
  fc.property(runs, changes, fc.boolean(), (messages, made, isBuffer) => {
    readMessages(withChanges(messages, made), make(), isBuffer)
  })

describe('the text that is cut out equals that of the full parse', () => {
  test('for any messages, also with bytes replaced, deleted and inserted', () => {
    fc.assert(
      law(() => new Envelope(pieceOf)),
      { numRuns: 10_000 },
    )
  })

  test.each([true, false])(
    'with one byte replaced, deleted or inserted at every position (in a Buffer: %s)',
    (isBuffer) => {
      const messages = [say('a', 1, '10:25'), say('b', 1, '10:26'), say('c', 1, '10:27')]
      for (let at = 0; at <= say('c', 1, '10:27').length; at++) {
        for (const inserted of [[], [34], [92], [44], [10], [32], [97], [125], [0xff]]) {
          for (const deleted of [0, 1] as const) {
            readMessages(withChanges(messages, [[2, at, deleted, inserted]]), new Envelope(pieceOf), isBuffer)
          }
        }
      }
    },
  )
})

describe('the law', () => {
  test('accepts a simple envelope without a flaw', () => {
    fc.assert(
      law(() => new FlawedEnvelope()),
      { numRuns: 3_000 },
    )
  })

  test.each<Flaw>(['escapes', 'the text after it', 'the proof', 'the padding', 'the end of the noise'])(
    'notices an envelope that ignores %s',
    (flaw) => {
      expect(() => {
        fc.assert(
          law(() => new FlawedEnvelope(flaw)),
          // One flaw shows only once in thousands of runs: the seed makes the result reproducible.
          { numRuns: 20_000, seed: 1 },
        )
      }).toThrow()
    },
  )
})
