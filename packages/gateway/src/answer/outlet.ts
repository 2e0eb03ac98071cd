import type { Clock } from '@rivulet/core'
import type { Exchange } from '../exchange.ts'

export interface OutletOptions {
  readonly clock: Clock
  /** How long nothing may be written. `Infinity` for an answer in one piece: nothing can come before it. */
  readonly silenceMs: number
  /** How long a client may take nothing. */
  readonly stuckMs: number
  /** Nothing was written for `silenceMs`. */
  readonly onSilence: () => void
  /** The client has taken nothing for `stuckMs`. */
  readonly onStuck: () => void
}

/** The writing side of an exchange, in time: says when nothing was written for long, and when the client takes nothing. */
export class Outlet {
  readonly #exchange: Exchange
  readonly #options: OutletOptions
  #writtenAt: number
  #cancelSilence: (() => void) | undefined
  /** Until the client has taken what was written. */
  #taken: Promise<void> | undefined

  constructor(exchange: Exchange, options: OutletOptions) {
    this.#exchange = exchange
    this.#options = options
    this.#writtenAt = options.clock.now()
    if (options.silenceMs !== Infinity) this.#watch(options.silenceMs)
  }

  /** Resolves when the client can take more; `undefined`: at once. */
  write(text: string): Promise<void> | undefined {
    if (text === '') return this.#taken
    this.#writtenAt = this.#options.clock.now()
    const taken = this.#exchange.write(text)
    if (taken !== undefined && this.#taken === undefined) this.#taken = this.#untilTaken(taken)
    return this.#taken
  }

  /** The rest, and the end. */
  end(text: string): void {
    this.stop()
    void this.#untilTaken(this.#exchange.end(text))
  }

  /** Nothing more is written. What was, the client may still take in its time. */
  stop(): void {
    this.#cancelSilence?.()
    this.#cancelSilence = undefined
  }

  async #untilTaken(taken: Promise<void>): Promise<void> {
    const { clock, stuckMs, onStuck } = this.#options
    const cancel = clock.after(stuckMs, onStuck)
    await taken
    cancel()
    this.#taken = undefined
  }

  /** One timer, which is set again when it fires too early: cheaper than a new one for each write. */
  #watch(ms: number): void {
    const { clock, silenceMs, onSilence } = this.#options
    this.#cancelSilence = clock.after(ms, () => {
      const left = this.#writtenAt + silenceMs - clock.now()
      // A client that takes nothing needs no sign of life.
      if (left <= 0 && this.#taken === undefined) {
        this.#writtenAt = clock.now()
        onSilence()
      }
      if (this.#cancelSilence !== undefined) this.#watch(left > 0 ? left : silenceMs)
    })
  }
}
