import assert from 'node:assert/strict'
import type { ChatEvent, Deadlines } from '@rivulet/core'
import { ManualClock } from '@rivulet/core/provider'
import { ask } from './ask.ts'
import type { Exchange } from './exchange.ts'
import { headOf, pieceOf } from './http-bytes.ts'
import type { LawContext } from './law.ts'
import { chatErrorOf, readAll, type Reading, resultOf, turns, within } from './reading.ts'

/** Turns of the event loop in which what was written is read and takes effect. */
export const ROUND = 20

export const COMMENT = ': ping\n\n'

/** One answer under a manual clock: the law decides what is sent, and how time passes. */
export class Timed {
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

  static async ask(context: LawContext, limits: Deadlines): Promise<Timed> {
    const clock = new ManualClock()
    const { play, stream } = ask(context, () => undefined, { options: { deadlines: { ...limits, clock } } })
    const reading = readAll(stream)
    const exchange = await within(context.patienceMs, 'asking', play.first)
    await turns(ROUND)
    return new Timed(context, clock, exchange, reading)
  }

  async send(bytes: Uint8Array | string): Promise<void> {
    const piece = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
    await this.write(pieceOf(piece, 'chunked'))
  }

  sendHead(): Promise<void> {
    return this.write(headOf(this.#context.subject.answers.text, 'chunked'))
  }

  /** Sends bytes as they are. */
  async write(bytes: Uint8Array | string): Promise<void> {
    await this.exchange.write(bytes)
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
    await this.clock.advance(1)
    const read = await this.settled(`${what}: giving up after ${waited + 1} ms`)
    const error = chatErrorOf(read, what)
    assert.equal(error.code, 'timeout', `${what}: ${error.message}`)
    assert.ok(error.retryable, `${what}: error.retryable`)
    assert.equal(
      error.partial?.text ?? '',
      resultOf(read.events).text,
      `${what}: error.partial is not the content that had arrived`,
    )
    return read.events
  }

  /** The answer or its failure, after which the connection is closed and no timer is left. */
  async settled(what: string): Promise<Reading> {
    const { patienceMs } = this.#context
    const read = await within(patienceMs, what, this.#reading)
    await within(patienceMs, `${what}: closing the connection`, this.exchange.closed)
    assert.equal(this.clock.pending, 0, `${what}: pending timers`)
    return read
  }
}
