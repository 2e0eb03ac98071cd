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

/** In milliseconds of a clock that the law itself advances. */
const LIMITS = { connectMs: 10, firstTokenMs: 100, idleMs: 50, totalMs: 1_000 }
/** Turns of the event loop in which what was written is read and takes effect. */
const ROUND = 20

const COMMENT = ': ping\n\n'

/** One answer under a manual clock: the law decides what is sent, and how time passes. */
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

  async send(bytes: Uint8Array | string): Promise<void> {
    const piece = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    await this.exchange.write(pieceOf(piece, 'chunked'))
    await turns(ROUND)
  }

  async sendHead(): Promise<void> {
    await this.exchange.write(headOf(this.#context.subject.answers.text, 'chunked'))
    await turns(ROUND)
  }

  /** Lets time pass, and expects the stream to wait on. */
  async wait(ms: number, what: string): Promise<void> {
    await this.clock.advance(ms)
    await turns(1)
    assert.ok(!this.#settled, `${what}: the stream gave up too early`)
  }

  /** Lets one more millisecond pass, and expects a timeout that keeps the content, closes the connection and leaves no timer. */
  async expectTimeout(what: string, waited: number): Promise<readonly ChatEvent[]> {
    const { patienceMs } = this.#context
    await this.clock.advance(1)
    const read = await within(patienceMs, `${what}: giving up after ${waited + 1} ms`, this.#reading)
    const error = chatErrorOf(read, what)
    assert.equal(error.code, 'timeout', `${what}: ${error.message}`)
    assert.ok(error.retryable, `${what}: error.retryable`)
    assert.equal(
      error.partial?.text ?? '',
      resultOf(read.events).text,
      `${what}: error.partial is not the content that had arrived`,
    )
    await within(patienceMs, `${what}: closing the connection`, this.exchange.closed)
    assert.equal(this.clock.pending, 0, `${what}: pending timers`)
    return read.events
  }
}

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
      const timed = await Timed.ask(context)
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
      const timed = await Timed.ask(context)
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
      const timed = await Timed.ask(context)
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
      const timed = await Timed.ask(context)
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
        const timed = await Timed.ask(context)
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
