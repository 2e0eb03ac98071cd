import assert from 'node:assert/strict'
import { askAndRead } from '../ask.ts'
import { noVariant } from '../exemptions.ts'
import { openPart } from '../fixtures.ts'
import { answering, headOf, LAST_CHUNK, pieceOf, writing } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, eventsOf, resultOf } from '../reading.ts'
import { variantOf } from '../variants.ts'

/** Ways in which an answer may break off, with its body in chunks. */
const BREAKS = [
  ['a clean end', [LAST_CHUNK], undefined],
  ['no last chunk', [], 'fin'],
  ['a reset', [], 'reset'],
] as const

/** Reads whole answers, and expects all of their text. */
const whole = (name: string, rows: readonly number[], field: 'emptyReasons' | 'earlyEnds'): Law => ({
  name,
  rows,
  anyTransport: true,
  exempts: noVariant(field),
  async run(context) {
    const variants = Object.entries(variantOf(context.subject, field))
    for (const [what, answer] of variants) {
      const result = resultOf(eventsOf(await askAndRead(context, what, answering(answer)), what))
      assert.equal(result.text, answer.text ?? '', `${what}: the text`)
      assert.equal(result.reason, 'stop', `${what}: the reason of the finish`)
    }
    return variants.map(([what]) => what).join(', ')
  },
})

export const finishReasons: readonly Law[] = [
  whole('a finish reason that says nothing is none, and the answer goes on to its end', [28], 'emptyReasons'),
  {
    name: 'a finish reason that says nothing ends no answer: one that breaks off is truncated',
    rows: [28],
    exempts: noVariant('emptyReasons'),
    async run(context) {
      const variants = Object.entries(variantOf(context.subject, 'emptyReasons'))
      for (const [name, answer] of variants) {
        for (const [how, last, end] of BREAKS) {
          const what = `${name}, ${how}`
          const wire = [headOf(answer, 'chunked'), pieceOf(openPart(answer), 'chunked'), ...last]
          const read = await askAndRead(context, what, writing(wire, end))
          const error = chatErrorOf(read, what)
          assert.equal(error.code, 'truncated', `${what}: ${error.message}`)
          assert.equal(error.partial?.text ?? '', resultOf(read.events).text, `${what}: error.partial`)
        }
      }
      return `truncated: ${variants.map(([name]) => name).join(', ')}`
    },
  },
  whole('a finish reason before the last content does not cut the answer', [32], 'earlyEnds'),
  {
    name: 'an end mark without an answer is malformed',
    rows: [32],
    anyTransport: true,
    exempts: noVariant('endMarkAlone'),
    async run(context) {
      const variants = Object.entries(variantOf(context.subject, 'endMarkAlone'))
      for (const [name, answer] of variants) {
        const what = `${name} alone`
        assert.equal(chatErrorOf(await askAndRead(context, what, answering(answer)), what).code, 'malformed', what)
      }
      return 'malformed'
    },
  },
]
