import assert from 'node:assert/strict'
import { askAndRead } from '../ask.ts'
import { singleBytes, splitBytes } from '../bytes.ts'
import { answersOf } from '../fixtures.ts'
import { answering, wireOf, writing } from '../http-bytes.ts'
import { inParallel } from '../in-parallel.ts'
import type { Law, LawContext } from '../law.ts'
import { eventsOf, joined } from '../reading.ts'
import { framingsFor } from './decoding.ts'

/** A text answer up to this many bytes is cut at every byte; a longer one, at this many places. */
const TEXT_CUTS = { thorough: 2_048, sample: 120 }
/** The other answers differ from the text answer in a few places only. */
const OTHER_CUTS = { thorough: 512, sample: 24 }
const SEEDS = { thorough: 48, sample: 4 }

/** Plays pieces of the body and pieces of the wire, and expects the events of the uncut answer from each. */
async function expectSame(
  context: LawContext,
  cutsOf: (
    body: Uint8Array,
    name: string,
    amount: keyof typeof SEEDS,
  ) => Iterable<{ what: string; pieces: readonly Uint8Array[] }>,
  onWire: boolean,
): Promise<string> {
  let count = 0
  for (const { name, request, ...answer } of answersOf(context.subject)) {
    const uncut = eventsOf(await askAndRead(context, name, answering(answer), { request }), `${name}, uncut`)
    const expected = joined(uncut)
    const framings = framingsFor(answer)
    // The head arrives whole: cutting it would test the HTTP parser, not the provider.
    const [head = new Uint8Array(), ...wire] = wireOf(answer, 'chunked')
    const cuts = cutsOf(onWire ? Buffer.concat(wire) : answer.body, name, context.thorough ? 'thorough' : 'sample')
    await inParallel(cuts, async ({ what, pieces }) => {
      const framing = framings[count++ % framings.length]
      const script = onWire ? writing([head, ...pieces]) : answering(answer, framing, pieces)
      const which = `${name}, ${what}`
      const events = eventsOf(await askAndRead(context, which, script, { request }), which)
      assert.deepEqual(joined(events), expected, `${which}: the events differ from those of the uncut answer`)
      for (const event of events) {
        const whole = event.type !== 'text' || event.text.isWellFormed()
        assert.ok(whole, `${which}: half a character was delivered`)
      }
    })
  }
  return `${count} cuts, the same events`
}

export const cuts: readonly Law[] = [
  {
    name: 'an answer cut in two anywhere gives the events of the uncut one',
    rows: [16],
    // A decoder sees the same bytes over every transport, in whatever pieces; HTTP's own chunks, in the last law, it does not.
    anyTransport: true,
    run: (context) =>
      expectSame(
        context,
        function* (body, name, amount) {
          const step = Math.max(1, body.length / (name === 'text' ? TEXT_CUTS : OTHER_CUTS)[amount])
          for (let at = 1; at < body.length; at += step) {
            const place = Math.floor(at)
            yield { what: `cut at byte ${place}`, pieces: splitBytes(body, [place]) }
          }
        },
        false,
      ),
  },
  {
    name: 'an answer cut into many pieces gives the events of the uncut one',
    rows: [16],
    anyTransport: true,
    run: (context) =>
      expectSame(
        context,
        function* (body, _name, amount) {
          for (let seed = 1; seed <= SEEDS[amount]; seed++)
            yield { what: `seed ${seed}`, pieces: splitBytes(body, seed) }
          yield { what: 'one byte at a time', pieces: singleBytes(body) }
        },
        false,
      ),
  },
  {
    name: 'an answer whose HTTP chunks are cut anywhere gives the events of the uncut one',
    rows: [16],
    run: (context) =>
      expectSame(
        context,
        function* (wire, _name, amount) {
          for (let seed = 1; seed <= SEEDS[amount]; seed++)
            yield { what: `wire, seed ${seed}`, pieces: splitBytes(wire, seed) }
          yield { what: 'wire, one byte at a time', pieces: singleBytes(wire) }
        },
        true,
      ),
  },
]
