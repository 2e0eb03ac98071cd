import assert from 'node:assert/strict'
import { askAndRead } from '../ask.ts'
import { noVariant } from '../exemptions.ts'
import { isSse, openPart } from '../fixtures.ts'
import { headOf, pieceOf, writing } from '../http-bytes.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, eventsOf, resultOf } from '../reading.ts'
import { COMMENT, Timed } from '../timed.ts'
import { variantOf } from '../variants.ts'

/** In milliseconds of a clock that the law itself advances. */
const LIMITS = { connectMs: 1_000, firstTokenMs: 20_000, idleMs: 10_000, totalMs: 60_000 }

export const silentEnds: readonly Law[] = [
  {
    name: 'a finish reason and then silence ends the answer, unless content follows; comments extend nothing',
    rows: [29],
    exempts: noVariant('silentEnd'),
    async run(context) {
      const answer = variantOf(context.subject, 'silentEnd')
      const what = 'a finish reason and then silence'
      // The deadline must not pass: it would make an error of the answer.
      const limit = answer.afterMs === 'idleMs' ? LIMITS.idleMs - 1 : answer.afterMs
      const step = Math.floor(limit / 4)
      const open = openPart(answer)
      const reason = answer.body.subarray(open.length)
      const timed = await Timed.ask(context, LIMITS)
      await timed.sendHead()
      await timed.send(open)
      await timed.send(reason)
      await timed.wait(limit - step, what)
      // Content shows that the answer goes on: the silence before it ends nothing.
      await timed.send(answer.late.body)
      await timed.wait(step, `${what}, with content in between`)
      await timed.send(reason)
      await timed.wait(step, `${what}, before a comment`)
      if (isSse(answer)) await timed.send(COMMENT)
      await timed.clock.advance(limit - step)
      const events = eventsOf(await timed.settled(`${what}: the end of the answer`), what)
      const result = resultOf(events)
      assert.equal(result.text, `${answer.text ?? ''}${answer.late.text}`, `${what}: the text`)
      assert.equal(result.reason, 'stop', `${what}: the reason of the finish`)
      assert.equal(events.at(-1)?.type, 'finish', `${what}: the last event`)
      return `the end, ${answer.afterMs === 'idleMs' ? 'just before idleMs' : `after ${limit} ms`}; closed`
    },
  },
  {
    name: 'a finish reason and then a broken connection is truncated',
    rows: [29],
    exempts: noVariant('silentEnd'),
    async run(context) {
      const answer = variantOf(context.subject, 'silentEnd')
      for (const end of ['reset', 'fin'] as const) {
        const what = `a finish reason and then a ${end}`
        const script = writing([headOf(answer, 'chunked'), pieceOf(answer.body, 'chunked')], end)
        const error = chatErrorOf(await askAndRead(context, what, script), what)
        assert.equal(error.code, 'truncated', `${what}: ${error.message}`)
        assert.equal(error.partial?.text, answer.text, `${what}: error.partial`)
      }
      return 'truncated, with all of the text'
    },
  },
]
