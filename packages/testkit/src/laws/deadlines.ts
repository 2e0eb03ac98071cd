import assert from 'node:assert/strict'
import { providerAt } from '../ask.ts'
import { isNoEventStream } from '../exemptions.ts'
import { comesInParts, contentBlock, openPart } from '../fixtures.ts'
import type { Law, LawContext } from '../law.ts'
import { ManualClock } from '@rivulet/core/provider'
import { chatErrorOf, readAll, resultOf, turns, within } from '../reading.ts'
import { COMMENT, ROUND, Timed } from '../timed.ts'

const LIMITS = { connectMs: 10, firstTokenMs: 100, idleMs: 50, totalMs: 1_000 }

/** The deadline of the first content. For an answer in one piece, only `totalMs` counts. */
const untilFirst = ({ subject }: LawContext): number =>
  subject.request.stream === false ? LIMITS.totalMs : LIMITS.firstTokenMs

const untilNext = ({ subject }: LawContext): number =>
  subject.request.stream === false ? LIMITS.totalMs : LIMITS.idleMs

export const deadlines: readonly Law[] = [
  {
    name: 'a connection that is never made is a timeout at its deadline',
    rows: [2],
    async run(context) {
      // TLS to a server that stays silent: there is a socket, but no connection yet.
      const clock = new ManualClock()
      const provider = providerAt(context, context.server.url.replace('http:', 'https:'), {
        deadlines: { ...LIMITS, clock },
      })
      const reading = readAll(provider.stream(context.subject.request))
      let settled = false
      void reading.then(() => (settled = true))
      // A function, because a variable that a callback sets looks constant to the compiler.
      const isSettled = (): boolean => settled
      const opened = async (): Promise<void> => {
        while (context.server.connections.length === 0) await turns(1)
      }
      await within(context.patienceMs, 'opening a connection', opened())
      await clock.advance(LIMITS.connectMs - 1)
      assert.ok(!isSettled(), 'the stream gave up too early')
      await clock.advance(1)
      await turns(ROUND)
      const atConnect = isSettled()
      // Over a transport that can't tell when it is connected, the deadline of the first token applies.
      if (!atConnect) await clock.advance(untilFirst(context))
      const read = await within(context.patienceMs, 'giving up', reading)
      assert.equal(chatErrorOf(read, 'no connection').code, 'timeout')
      assert.equal(clock.pending, 0, 'pending timers')
      return atConnect ? 'timeout at connectMs' : 'timeout at the next deadline: the transport cannot tell'
    },
  },
  {
    name: 'a request that is never answered is a timeout at its deadline, and the connection is closed',
    rows: [2],
    async run(context) {
      const timed = await Timed.ask(context, LIMITS)
      const limit = untilFirst(context)
      await timed.wait(limit - 1, 'no answer')
      await timed.expectTimeout('no answer', limit - 1)
      return `timeout after ${limit} ms, closed`
    },
  },
  {
    name: 'a response head and then silence is a timeout at its deadline, and the connection is closed',
    rows: [3],
    async run(context) {
      const timed = await Timed.ask(context, LIMITS)
      const limit = untilFirst(context)
      await timed.wait(limit / 2, 'no head')
      await timed.sendHead()
      await timed.wait(limit / 2 - 1, 'a response head and then silence')
      await timed.expectTimeout('a response head and then silence', limit - 1)
      return `timeout after ${limit} ms from dispatch, closed`
    },
  },
  {
    name: 'content and then silence is a timeout at its deadline, the connection is closed, and the error keeps the content',
    rows: [4],
    async run(context) {
      const { text } = context.subject.answers
      const timed = await Timed.ask(context, LIMITS)
      await timed.sendHead()
      await timed.send(openPart(text))
      const limit = untilNext(context)
      await timed.wait(limit - 1, 'content and then silence')
      const events = await timed.expectTimeout('content and then silence', limit - 1)
      const { length } = resultOf(events).text
      // Half a document has nothing to deliver.
      if (comesInParts(text)) assert.ok(length > 0, 'the content was not delivered')
      return `timeout after ${limit} ms of silence, ${length} characters kept, closed`
    },
  },
  {
    name: 'an endless trickle is a timeout at totalMs, the connection is closed, and the error keeps the content',
    rows: [5],
    async run(context) {
      const { text } = context.subject.answers
      const timed = await Timed.ask(context, LIMITS)
      await timed.sendHead()
      const parts = comesInParts(text)
      // A document comes one byte at a time; a stream repeats its content.
      if (parts) await timed.send(contentBlock(text, 1))
      const step = LIMITS.idleMs - 10
      let waited = 0
      for (; waited + step < LIMITS.totalMs; waited += step) {
        await timed.wait(step, 'a trickle')
        await timed.send(parts ? contentBlock(text, 1) : text.body.subarray(waited / step, waited / step + 1))
      }
      await timed.wait(LIMITS.totalMs - waited - 1, 'a trickle')
      const events = await timed.expectTimeout('a trickle', LIMITS.totalMs - 1)
      return `timeout after ${LIMITS.totalMs} ms, ${resultOf(events).text.length} characters kept, closed`
    },
  },
  {
    name: 'comments are not content: they extend no deadline',
    rows: [2, 3, 4],
    exempts: isNoEventStream,
    async run(context) {
      const { text } = context.subject.answers
      for (const content of [undefined, openPart(text)]) {
        const what = `comments ${content === undefined ? 'before' : 'after'} content`
        const timed = await Timed.ask(context, LIMITS)
        await timed.sendHead()
        if (content !== undefined) await timed.send(content)
        const limit = content === undefined ? untilFirst(context) : untilNext(context)
        const step = limit / 5
        for (let waited = step; waited < limit; waited += step) {
          await timed.wait(step, what)
          await timed.send(COMMENT)
        }
        await timed.wait(step - 1, what)
        await timed.expectTimeout(what, limit - 1)
      }
      return 'timeout, despite the comments'
    },
  },
]
