import assert from 'node:assert/strict'
import { askAndRead, readInPieces } from '../ask.ts'
import { singleBytes, splitBytes } from '../bytes.ts'
import { answersOf, type NamedAnswer } from '../fixtures.ts'
import { answering, wireOf, writing } from '../http-bytes.ts'
import { inParallel } from '../in-parallel.ts'
import type { Law, LawContext } from '../law.ts'
import { eventsOf, joined, type Reading } from '../reading.ts'

/** A text answer up to this many bytes is cut at every byte; a longer one, at this many places. */
const TEXT_CUTS = { thorough: 2_048, sample: 120 }
/** The other answers differ from the text answer in a few places only. */
const OTHER_CUTS = { thorough: 512, sample: 24 }
const SEEDS = { thorough: 48, sample: 4 }

type Amount = keyof typeof SEEDS
/** An answer in pieces, and how to read it. */
interface Cut {
  what: string
  read: (what: string) => Promise<Reading>
}

/** Reads each answer whole and in pieces, and expects the events of the whole from each. */
async function expectSame(
  context: LawContext,
  cutsOf: (answer: NamedAnswer, amount: Amount) => Iterable<Cut>,
): Promise<string> {
  let count = 0
  for (const answer of answersOf(context.subject)) {
    const { name, request } = answer
    const uncut = eventsOf(await askAndRead(context, name, answering(answer), { request }), `${name}, uncut`)
    const expected = joined(uncut)
    await inParallel(cutsOf(answer, context.thorough ? 'thorough' : 'sample'), async ({ what, read }) => {
      count++
      const which = `${name}, ${what}`
      const events = eventsOf(await read(which), which)
      assert.deepEqual(joined(events), expected, `${which}: the events differ from those of the uncut answer`)
      for (const event of events) {
        const whole = event.type !== 'text' || event.text.isWellFormed()
        assert.ok(whole, `${which}: half a character was delivered`)
      }
    })
  }
  return `${count} cuts, the same events`
}

/** Bytes cut at places that follow from seeds. */
function* manyPieces(bytes: Uint8Array, amount: Amount): Generator<[what: string, pieces: Uint8Array[]]> {
  for (let seed = 1; seed <= SEEDS[amount]; seed++) yield [`seed ${seed}`, splitBytes(bytes, seed)]
}

const oneByOne = (bytes: Uint8Array): [what: string, pieces: Uint8Array[]] => ['one byte at a time', singleBytes(bytes)]

export const cuts: readonly Law[] = [
  {
    name: 'an answer cut in two anywhere gives the events of the uncut one',
    rows: [16],
    // A decoder sees the same bytes over every transport, in whatever pieces; HTTP's own chunks, in the last law, it does not.
    anyTransport: true,
    run: (context) =>
      expectSame(context, function* (answer, amount) {
        const { body, name, request } = answer
        const step = Math.max(1, body.length / (name === 'text' ? TEXT_CUTS : OTHER_CUTS)[amount])
        for (let at = 1; at < body.length; at += step) {
          const place = Math.floor(at)
          const read = (what: string) => readInPieces(context, what, answer, splitBytes(body, [place]), request)
          yield { what: `cut at byte ${place}`, read }
        }
      }),
  },
  {
    name: 'an answer cut into many pieces gives the events of the uncut one',
    rows: [16],
    anyTransport: true,
    run: (context) =>
      expectSame(context, function* (answer, amount) {
        for (const [what, pieces] of [...manyPieces(answer.body, amount), oneByOne(answer.body)]) {
          yield { what, read: (which) => readInPieces(context, which, answer, pieces, answer.request) }
        }
      }),
  },
  {
    name: 'an answer whose HTTP chunks are cut anywhere gives the events of the uncut one',
    rows: [16],
    run: (context) =>
      expectSame(context, function* (answer, amount) {
        const { name, request } = answer
        // The head arrives whole: cutting it would test the HTTP parser, not the provider.
        const [head = new Uint8Array(), ...chunks] = wireOf(answer, 'chunked')
        const wire = Buffer.concat(chunks)
        // A transport cannot see of which kind an answer is, and a decoder has had single bytes of every kind in the law above.
        const single = name === 'text' || amount === 'thorough' ? [oneByOne(wire)] : []
        for (const [what, pieces] of [...manyPieces(wire, amount), ...single]) {
          yield {
            what: `wire, ${what}`,
            read: (which) => askAndRead(context, which, writing([head, ...pieces]), { request }),
          }
        }
      }),
  },
]
