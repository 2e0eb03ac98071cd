import assert from 'node:assert/strict'
import { askAndRead } from '../ask.ts'
import { noVariant } from '../exemptions.ts'
import { answering } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, eventsOf, resultOf } from '../reading.ts'
import { variantOf } from '../variants.ts'

/** An answer says one thing: two answers in it are never mixed, and a whole that contradicts its pieces is no answer. */
export const mixedAnswers: readonly Law[] = [
  {
    name: 'of two answers in one, the first is given or the whole is malformed',
    rows: [31],
    anyTransport: true,
    exempts: noVariant('twoAnswers'),
    async run(context) {
      const seen = new Set<string>()
      for (const [what, answer] of Object.entries(variantOf(context.subject, 'twoAnswers'))) {
        const first = answer.text ?? ''
        const read = await askAndRead(context, what, answering(answer))
        const { text } = resultOf(read.events)
        assert.ok(first.startsWith(text), `${what}: it is mixed: ${text}`)
        if (read.failure === undefined) {
          assert.equal(text, first, `${what}: a short answer ended as a success`)
          seen.add('the first')
        } else {
          const error = chatErrorOf(read, what)
          assert.equal(error.code, 'malformed', `${what}: ${error.message}`)
          assert.equal(error.partial?.text ?? '', text, `${what}: error.partial`)
          seen.add('malformed')
        }
      }
      return [...seen].join('; ')
    },
  },
  {
    name: 'an answer that differs from what its pieces said is malformed',
    rows: [34],
    anyTransport: true,
    exempts: noVariant('differingWholes'),
    async run(context) {
      const variants = Object.entries(variantOf(context.subject, 'differingWholes'))
      for (const [what, answer] of variants) {
        const error = chatErrorOf(await askAndRead(context, what, answering(answer)), what)
        assert.equal(error.code, 'malformed', `${what}: ${error.message}`)
      }
      return `malformed: ${variants.map(([what]) => what).join(', ')}`
    },
  },
  {
    name: 'what the pieces of an answer lack and its whole says is delivered, once',
    rows: [34],
    anyTransport: true,
    exempts: noVariant('onlyInWhole'),
    async run(context) {
      const variants = Object.entries(variantOf(context.subject, 'onlyInWhole'))
      for (const [what, answer] of variants) {
        const events = eventsOf(await askAndRead(context, what, answering(answer)), what)
        assert.equal(resultOf(events).text, answer.text ?? '', `${what}: the text`)
      }
      return variants.map(([what]) => what).join(', ')
    },
  },
]
