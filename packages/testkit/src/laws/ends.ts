import assert from 'node:assert/strict'
import { askAndRead } from '../ask.ts'
import { fromLatin1, latin1 } from '../bytes.ts'
import { type AnswerFixture, comesInParts } from '../fixtures.ts'
import { answering, headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { eventsOf, resultOf, within } from '../reading.ts'
import { framingsFor } from './decoding.ts'

const DONE_EVENT = /data: ?\[DONE\][\r\n]*$/

/** Whether the answer itself says where it ends, and not the end of its body. */
const hasEndMark = (answer: AnswerFixture): boolean => answer.endMark !== false && comesInParts(answer)

export const ends: readonly Law[] = [
  {
    name: 'the end mark ends the answer at once, or the end of its body does, and an open connection holds nothing up',
    rows: [7],
    async run(context) {
      const { text } = context.subject.answers
      const what = 'an end, and an open connection'
      const marked = hasEndMark(text)
      // The last chunk never comes; where it is the end mark, it comes, and the connection stays open.
      const open = writing([headOf(text, 'chunked'), pieceOf(text.body, 'chunked')])
      const read = await askAndRead(context, what, marked ? open : answering(text, 'chunked'))
      assert.equal(resultOf(eventsOf(read, what)).text, text.text ?? '', what)
      if (!marked) return 'ended with its body; the connection is free for the next request'
      const exchange = await read.play.first
      await within(context.patienceMs, 'closing the connection', exchange.closed)
      return 'ended at its end mark, and the connection was closed'
    },
  },
  {
    name: 'a finish reason and a clean end is a normal end, without [DONE] too',
    rows: [8],
    async run(context) {
      const { text } = context.subject.answers
      const bare = latin1(text.body).replace(DONE_EVENT, '')
      const hasDone = bare.length < text.body.length
      for (const framing of framingsFor(text)) {
        const what = `${hasDone ? 'no [DONE]' : 'a clean end'}, ${framing}`
        const answer = { ...text, body: fromLatin1(bare) }
        const events = eventsOf(await askAndRead(context, what, answering(answer, framing)), what)
        assert.equal(resultOf(events).text, text.text ?? '', what)
        assert.equal(events.at(-1)?.type, 'finish', what)
      }
      return hasDone ? 'a normal end without [DONE]' : 'a normal end; this dialect has no [DONE]'
    },
  },
]
