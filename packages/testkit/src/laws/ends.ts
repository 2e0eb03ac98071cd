import assert from 'node:assert/strict'
import { askAndRead } from '../ask.ts'
import { fromLatin1, latin1 } from '../bytes.ts'
import { comesInParts, hasEndMark } from '../fixtures.ts'
import { answering, headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { eventsOf, resultOf, within } from '../reading.ts'
import { framingsFor } from './decoding.ts'

const DONE_EVENT = /data: ?\[DONE\][\r\n]*$/

export const ends: readonly Law[] = [
  {
    name: 'the end mark, or else the end of the body, ends the answer at once, even on an open connection',
    rows: [7],
    async run(context) {
      const { text } = context.subject.answers
      const what = 'an end on an open connection'
      const marked = hasEndMark(text) && comesInParts(text)
      // With an end mark, the last chunk never comes. Without one, the last chunk is the end, and the connection stays open.
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
    name: 'a finish reason and a clean end are a normal end, even without [DONE]',
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
