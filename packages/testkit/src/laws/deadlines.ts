import assert from 'node:assert/strict'
import type { ChatEvent } from '@rivulet/core'
import { ask, providerAt } from '../ask.ts'
import type { Exchange } from '../exchange.ts'
import { isNoEventStream } from '../exemptions.ts'
import { comesInParts, contentBlock, openPart } from '../fixtures.ts'
import { headOf, pieceOf } from '../http-bytes.ts'
import type { Law, LawContext } from '../law.ts'
import { ManualClock } from '@rivulet/core/provider'
import { chatErrorOf, readAll, type Reading, resultOf, turns, within } from '../reading.ts'

/** In milliseconds of a clock that the law itself moves. */
const LIMITS = { connectMs: 10, firstTokenMs: 100, idleMs: 50, totalMs: 1_000 }
/** Turns in which what was written has been read, and has had its effect. */
const ROUND = 20

const COMMENT = ': ping\n\n'

/** One answer under a clock: what it says and how time passes are the law's. */
class Timed {
  readonly clock: ManualClock
  readonly exchange: Exchange
  readonly #context: LawContext
  readonly #reading: Promise<Reading>
  #settled = false

  private constructor(context: LawContext, clock: ManualClock, exchange: Exchange, reading: Promise<Reading>) {
    this.#context = context
    this.clock = clock
    this.exchange = exchange
    this.#reading = reading
    void reading.then(() => (this.#settled = true))
  }

  static async ask(context: LawContext): Promise<Timed> {
    const clock = new ManualClock()
    const { play, stream } = ask(context, () => undefined, { options: { deadlines: { ...LIMITS, clock } } })
    const reading = readAll(stream)
    const exchange = await within(context.patienceMs, 'asking', play.first)
    await turns(ROUND)
    return new Timed(context, clock, exchange, reading)
  }

  async say(bytes: Uint8Array | string): Promise<void> {
    const piece = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    await this.exchange.write(pieceOf(piece, 'chunked'))
    await turns(ROUND)
  }

  async sayHead(): Promise<void> {
    await this.exchange.write(headOf(this.#context.subject.answers.text, 'chunked'))
    await turns(ROUND)
  }

  /** Time passes, and it is not over. */
  async wait(ms: number, what: string): Promise<void> {
    await this.clock.advance(ms)
    await turns(1)
    assert.ok(!this.#settled, `${what}: it was given up too early`)
  }

  /** One more millisecond is one too many. What had come is kept; the connection is closed, and no timer is left. */
  async expectTimeout(what: string, waited: number): Promise<readonly ChatEvent[]> {
    const { patienceMs } = this.#context
    await this.clock.advance(1)
    const read = await within(patienceMs, `${what}: giving up after ${waited + 1} ms`, this.#reading)
    const error = chatErrorOf(read, what)
    assert.equal(error.code, 'timeout', `${what}: ${error.message}`)
    assert.ok(error.retryable, `${what}: error.retryable`)
    assert.equal(error.partial?.text ?? '', resultOf(read.events).text, `${what}: error.partial is not what had come`)
    await within(patienceMs, `${what}: closing the connection`, this.exchange.closed)
    assert.equal(this.clock.pending, 0, `${what}: timers that are left`)
    return read.events
  }
}

/** The deadline of the first content: an answer in one piece has only the whole of its time. */
const untilFirst = ({ subject }: LawContext): number =>
  subject.request.stream === false ? LIMITS.totalMs : LIMITS.firstTokenMs

const untilNext = ({ subject }: LawContext): number =>
  subject.request.stream === false ? LIMITS.totalMs : LIMITS.idleMs

export const deadlines: readonly Law[] = [
  {
    name: 'no connection is a timeout at its deadline',
    rows: [2],
    async run(context) {
      // TLS to a server that says nothing: there is a socket, and no connection yet.
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
      assert.ok(!isSettled(), 'it was given up too early')
      await clock.advance(1)
      await turns(ROUND)
      const told = isSettled()
      // A transport that can't tell when it is connected has the deadline of the first token.
      if (!told) await clock.advance(untilFirst(context))
      const read = await within(context.patienceMs, 'giving up', reading)
      assert.equal(chatErrorOf(read, 'no connection').code, 'timeout')
      assert.equal(clock.pending, 0, 'timers that are left')
      return told ? 'timeout at connectMs' : 'timeout at the next deadline: the transport can not tell'
    },
  },
  {
    name: 'no answer is a timeout at its deadline, and closes',
    rows: [2],
    async run(context) {
      const timed = await Timed.ask(context)
      const limit = untilFirst(context)
      await timed.wait(limit - 1, 'no answer')
      await timed.expectTimeout('no answer', limit - 1)
      return `timeout after ${limit} ms, closed`
    },
  },
  {
    name: 'a head and then silence is a timeout at its deadline, and closes',
    rows: [3],
    async run(context) {
      const timed = await Timed.ask(context)
      const limit = untilFirst(context)
      await timed.wait(limit / 2, 'no head')
      await timed.sayHead()
      await timed.wait(limit / 2 - 1, 'a head and then silence')
      await timed.expectTimeout('a head and then silence', limit - 1)
      return `timeout after ${limit} ms from dispatch, closed`
    },
  },
  {
    name: 'content and then silence is a timeout at its deadline, closes, and keeps what had come',
    rows: [4],
    async run(context) {
      const { text } = context.subject.answers
      const timed = await Timed.ask(context)
      await timed.sayHead()
      await timed.say(openPart(text))
      const limit = untilNext(context)
      await timed.wait(limit - 1, 'content and then silence')
      const events = await timed.expectTimeout('content and then silence', limit - 1)
      const { length } = resultOf(events).text
      // Of half a document, there is nothing to deliver.
      if (comesInParts(text)) assert.ok(length > 0, 'the content was not delivered')
      return `timeout after ${limit} ms of silence, ${length} characters kept, closed`
    },
  },
  {
    name: 'an endless trickle is a timeout at the end of all time, closes, and keeps what had come',
    rows: [5],
    async run(context) {
      const { text } = context.subject.answers
      const timed = await Timed.ask(context)
      await timed.sayHead()
      const parts = comesInParts(text)
      // Of a document, one byte at a time; of a stream, content again and again.
      if (parts) await timed.say(contentBlock(text, 1))
      const step = LIMITS.idleMs - 10
      let waited = 0
      for (; waited + step < LIMITS.totalMs; waited += step) {
        await timed.wait(step, 'a trickle')
        await timed.say(parts ? contentBlock(text, 1) : text.body.subarray(waited / step, waited / step + 1))
      }
      await timed.wait(LIMITS.totalMs - waited - 1, 'a trickle')
      const events = await timed.expectTimeout('a trickle', LIMITS.totalMs - 1)
      return `timeout after ${LIMITS.totalMs} ms, ${resultOf(events).text.length} characters kept, closed`
    },
  },
  {
    name: 'comments are no content: they hold no deadline off',
    rows: [2, 3, 4],
    exempts: isNoEventStream,
    async run(context) {
      const { text } = context.subject.answers
      for (const content of [undefined, openPart(text)]) {
        const what = `comments ${content === undefined ? 'before' : 'behind'} content`
        const timed = await Timed.ask(context)
        await timed.sayHead()
        if (content !== undefined) await timed.say(content)
        const limit = content === undefined ? untilFirst(context) : untilNext(context)
        const step = limit / 5
        for (let waited = step; waited < limit; waited += step) {
          await timed.wait(step, what)
          await timed.say(COMMENT)
        }
        await timed.wait(step - 1, what)
        await timed.expectTimeout(what, limit - 1)
      }
      return 'timeout all the same'
    },
  },
]
