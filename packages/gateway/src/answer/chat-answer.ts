import { ChatError, type ChatEvent } from '@rivulet/core'
import { type AnswerWriter, type Batches, batchesOf, type ServerCall } from '@rivulet/core/provider'
import { type Call, commonHeaders } from '../call.ts'
import { Stated } from '../request/refused.ts'
import { BareCalls } from './bare-calls.ts'
import { failureAnswer, publicFailure } from './final-failure.ts'
import { Hold, type HoldMode } from './hold.ts'
import { asComments, type Notes, notesOf } from './notes.ts'
import { Outlet } from './outlet.ts'

/** Nothing is written for so long, and then a sign of life; the first of them begins the answer. */
const SILENCE_MS = 10_000
/** A client that takes nothing for so long is dropped. */
const STUCK_MS = 60_000
/** Of an answer in one piece, which can't be streamed past a bound. */
const MAX_WHOLE = 67_108_864

const NO_NOTES: Notes = {}

export interface AnswerPlan {
  readonly read: ServerCall
  readonly mode: HoldMode
  /** The failures of members so far, in their order. The list grows. */
  readonly failures: readonly ChatError[]
  /** Names of what was left out of the request. */
  readonly left: readonly string[]
  readonly open: () => AsyncIterable<ChatEvent>
}

/**
 * One answer on its way to its client. Nothing is sent before its first content, so that a failure before it has a status of its
 * own; but after a while of silence the answer begins with a sign of life, because clients give up.
 */
export class ChatAnswer {
  readonly #call: Call
  readonly #plan: AnswerPlan
  readonly #writer: AnswerWriter
  readonly #hold: Hold
  readonly #bare = new BareCalls()
  readonly #outlet: Outlet
  #batches: Batches | undefined
  #notes = NO_NOTES
  #hasBegun = false
  #hasContent = false
  #cancelHold: (() => void) | undefined

  constructor(call: Call, plan: AnswerPlan) {
    const { exchange, dialect, requestId, state } = call
    const { clock, holdBytes } = state.settings
    const { read, mode } = plan
    this.#call = call
    this.#plan = plan
    this.#writer = read.answer({
      id: dialect.idPrefix + requestId.slice('req_'.length),
      created: Math.floor(Date.now() / 1000),
      model: read.request.model,
    })
    this.#hold = read.stream ? new Hold(mode, holdBytes) : new Hold('answer', MAX_WHOLE)
    this.#outlet = new Outlet(exchange, {
      clock,
      silenceMs: read.stream ? SILENCE_MS : Infinity,
      stuckMs: STUCK_MS,
      onSilence: () => {
        this.#begin()
        void this.#outlet.write(this.#writer.ping())
      },
      onStuck: () => {
        exchange.drop()
      },
    })
  }

  /** Resolves when the answer has ended. @throws Stated before it has begun. */
  async send(): Promise<void> {
    try {
      this.#batches = batchesOf(this.#opened(), this.#call.signal)
      await this.#read(this.#batches)
    } catch (error) {
      this.#batches?.close()
      this.#fail(error)
    } finally {
      this.#cancelHold?.()
      this.#outlet.stop()
    }
  }

  /** A provider throws a `TypeError` at the call for what the request has wrong. */
  #opened(): AsyncIterable<ChatEvent> {
    try {
      return this.#plan.open()
    } catch (error) {
      throw error instanceof TypeError ? new Stated(this.#plan.read.error(error)) : error
    }
  }

  async #read(batches: Batches): Promise<void> {
    const { watch } = this.#call
    for (;;) {
      const { done, value } = await batches.next()
      if (done === true) return
      this.#note(value)
      watch?.received(value)
      const ready = this.#bounded(this.#hold.take(this.#bare.fill(value)))
      if (ready.length === 0) continue
      const isEnd = ready.at(-1)?.type === 'finish'
      this.#begin()
      this.#hasContent = true
      const text = this.#late() + this.#writer.write(ready)
      watch?.wrote(ready)
      if (isEnd) {
        this.#outlet.end(text)
        // The connection to the endpoint may still come to its end, and can then be used again.
        await batches.next().catch(() => undefined)
        return
      }
      // A client that takes it at once is not worth a promise for each piece.
      const taken = this.#outlet.write(text)
      if (taken !== undefined) await taken
    }
  }

  /** Reads who answers, until content is written. */
  #note(events: readonly ChatEvent[]): void {
    if (this.#hasContent) return
    const start = events.findLast((event) => event.type === 'start')
    if (start !== undefined)
      this.#notes = { ...this.#notes, ...notesOf(start, this.#plan.failures.length + 1, this.#plan.left) }
  }

  /** What may be written; everything, once more is held than may be. */
  #bounded(ready: readonly ChatEvent[]): readonly ChatEvent[] {
    const { clock, holdBytes, holdMs } = this.#call.state.settings
    if (this.#hold.isFull) {
      if (!this.#plan.read.stream) throw new ChatError('malformed', `the answer is longer than ${MAX_WHOLE} characters`)
      return [...ready, ...this.#released(`streams: more than ${holdBytes} bytes`)]
    }
    if (this.#hold.isHolding && this.#plan.read.stream) {
      this.#cancelHold ??= clock.after(holdMs, () => {
        this.#releaseInTime(`streams: more than ${holdMs} ms`)
      })
    }
    return ready
  }

  /** Nothing waits for a timer: what it throws ends the answer here. */
  #releaseInTime(why: string): void {
    try {
      const held = this.#released(why)
      this.#begin()
      this.#hasContent = true
      void this.#outlet.write(this.#late() + this.#writer.write(held))
      this.#call.watch?.wrote(held)
    } catch (error) {
      this.#batches?.close()
      this.#fail(error)
    }
  }

  #released(why: string): readonly ChatEvent[] {
    if (this.#hold.isHolding) this.#notes = { ...this.#notes, 'x-rivulet-hold': why }
    return this.#hold.release()
  }

  /** The head of the answer. */
  #begin(): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    const { contentType } = this.#writer
    this.#call.watch?.began(200)
    this.#call.exchange.begin(200, {
      'content-type': contentType,
      ...commonHeaders(this.#call),
      // Proxies would collect a stream.
      ...(this.#plan.read.stream && { 'x-accel-buffering': 'no' }),
      ...this.#notes,
    })
    this.#notes = NO_NOTES
  }

  /** What could not be a header any more, where the form has comments that clients skip. */
  #late(): string {
    const notes = this.#notes
    if (notes === NO_NOTES) return ''
    this.#notes = NO_NOTES
    const isSkipped = this.#call.dialect.skipsComments && this.#writer.contentType.startsWith('text/event-stream')
    return isSkipped ? asComments(notes) : ''
  }

  #fail(error: unknown): void {
    const { exchange, dialect, watch, state } = this.#call
    if (exchange.left.aborted) return
    if (error instanceof Stated) throw error
    const failure = publicFailure(error, this.#hasContent ? [] : this.#plan.failures)
    if (failure instanceof ChatError)
      watch?.failed(failure.code, error instanceof ChatError ? error.partial?.usage : undefined)
    if (this.#hasBegun) this.#outlet.end(this.#late() + this.#writer.fail(failure))
    else throw new Stated(failureAnswer(failure, dialect, this.#plan.read.error(failure), state.settings.client))
  }
}
