import assert from 'node:assert/strict'
import { isContent } from '@rivulet/core/provider'
import { ask, askAndRead } from '../ask.ts'
import { CODINGS, compressed } from '../compressed.ts'
import { isDocument } from '../exemptions.ts'
import { openPart } from '../fixtures.ts'
import { answering, headOf, LAST_CHUNK, pieceOf, writing } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { chatErrorOf, eventsOf, joined, readAll, within } from '../reading.ts'

/** The text answer in a content coding, in two parts: what comes before its end, and the rest. */
async function encoded(
  { subject: { answers } }: LawContext,
  coding: (typeof CODINGS)[number],
): Promise<{ head: Uint8Array; first: Uint8Array; rest: Uint8Array }> {
  const { text } = answers
  const whole = openPart(text)
  // Where only the end of the body ends an answer, the open part is all of it.
  const cut = whole.length === text.body.length ? Math.floor(whole.length / 2) : whole.length
  const [first = new Uint8Array(), rest = new Uint8Array()] = await compressed(coding, [
    text.body.subarray(0, cut),
    text.body.subarray(cut),
  ])
  return { head: headOf({ ...text, headers: { 'content-encoding': coding } }, 'chunked'), first, rest }
}

export const compression: readonly Law[] = [
  {
    name: 'a compressed answer gives the events of the uncompressed one',
    rows: [18],
    async run(context) {
      const { text } = context.subject.answers
      const expected = joined(eventsOf(await askAndRead(context, 'uncompressed', answering(text)), 'uncompressed'))
      for (const coding of CODINGS) {
        const { head, first, rest } = await encoded(context, coding)
        for (const pieces of [[first, rest], [Buffer.concat([first, rest])]]) {
          const wire = [head, ...pieces.map((piece) => pieceOf(piece, 'chunked')), LAST_CHUNK]
          const events = eventsOf(await askAndRead(context, coding, writing(wire)), coding)
          assert.deepEqual(joined(events), expected, `${coding}: the events`)
        }
      }
      return CODINGS.join(', ')
    },
  },
  {
    name: 'a compressed answer is decoded as it arrives: its first content comes before its body ends',
    rows: [18],
    exempts: isDocument,
    async run(context) {
      for (const coding of CODINGS) {
        const { head, first, rest } = await encoded(context, coding)
        const { play, stream } = ask(context, writing([head, pieceOf(first, 'chunked')]))
        const events = stream[Symbol.asyncIterator]()
        const readOne = () => within(context.patienceMs, `${coding}: content before the end`, events.next())
        for (let read = await readOne(); read.done !== true && !isContent(read.value); read = await readOne());
        const exchange = await play.first
        await exchange.write(Buffer.concat([pieceOf(rest, 'chunked'), LAST_CHUNK]))
        const others = within(context.patienceMs, coding, readAll({ [Symbol.asyncIterator]: () => events }))
        assert.equal(eventsOf(await others, coding).at(-1)?.type, 'finish', `${coding}: the last event`)
      }
      return `${CODINGS.join(', ')}: content before the end`
    },
  },
  {
    name: 'a compressed answer that breaks off is truncated',
    rows: [18, 6],
    async run(context) {
      for (const coding of CODINGS) {
        const { head, first } = await encoded(context, coding)
        for (const end of ['fin', 'reset'] as const) {
          const what = `${coding}, ${end}`
          const read = await askAndRead(context, what, writing([head, pieceOf(first, 'chunked')], end))
          assert.equal(chatErrorOf(read, what).code, 'truncated', what)
        }
      }
      return 'truncated'
    },
  },
]
