import assert from 'node:assert/strict'
import { askAndRead } from '../asking.ts'
import { fromLatin1, latin1 } from '../bytes.ts'
import { isSse } from '../fixtures.ts'
import { answering, headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { eventsOf, resultOf, within } from '../reading.ts'

const DONE_EVENT = /data: ?\[DONE\][\r\n]*$/

export const ends: readonly Law[] = [
  {
    name: 'the end mark ends the answer at once, and an open connection behind it is closed',
    rows: [7],
    exempts: ({ answers: { text } }) =>
      text.endMark === false || !isSse(text) ? 'its answers end where their body ends' : undefined,
    async run(context) {
      const { text } = context.subject.answers
      const what = 'an end mark without an end of the body'
      const script = writing([headOf(text, 'chunked'), pieceOf(text.body, 'chunked')])
      const read = await askAndRead(context, what, script)
      assert.equal(resultOf(eventsOf(read, what)).text, text.text)
      const exchange = await read.play.first
      await within(context.patienceMs, 'closing the connection', exchange.closed)
      return 'ended, and the connection was closed'
    },
  },
  {
    name: 'a finish reason without [DONE] and a clean end is a normal end',
    rows: [8],
    exempts: ({ answers: { text } }) => (DONE_EVENT.test(latin1(text.body)) ? undefined : 'its dialect has no [DONE]'),
    async run(context) {
      const { text } = context.subject.answers
      const body = fromLatin1(latin1(text.body).replace(DONE_EVENT, ''))
      for (const framing of ['chunked', 'length', 'close'] as const) {
        const what = `no [DONE], ${framing}`
        const events = eventsOf(await askAndRead(context, what, answering({ ...text, body }, framing)), what)
        assert.equal(resultOf(events).text, text.text, what)
        assert.equal(events.at(-1)?.type, 'finish', what)
      }
      return 'a normal end'
    },
  },
]
