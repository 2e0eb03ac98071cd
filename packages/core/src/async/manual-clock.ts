import type { Clock } from './clock.ts'

interface Timer {
  readonly at: number
  /** Of two that are due at one time, the one that was set first runs first. */
  readonly order: number
  /** Absent once it has run or was cancelled. */
  run: (() => void) | undefined
}

/**
 * For tests and simulations: time that passes only when it is told to, so that a minute of silence takes no time.
 *
 * @example
 * const clock = new ManualClock()
 * const provider = lockchat({ deadlines: { idleMs: 60_000, clock } })
 * await clock.advance(60_000)
 */
export class ManualClock implements Clock {
  /** A heap: each timer is before its two children. A simulation sets hundreds of thousands. */
  #heap: Timer[] = []
  /** How many in the heap were cancelled: most deadlines are. */
  #cancelled = 0
  #now: number
  #order = 0

  /** @param startMs What `now()` returns first. */
  constructor(startMs = 1_000) {
    this.#now = startMs
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#heap.length - this.#cancelled
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, ms), order: this.#order++, run }
    this.#push(timer)
    return () => {
      if (timer.run === undefined) return
      timer.run = undefined
      if (++this.#cancelled > 1000 && this.#cancelled * 2 > this.#heap.length) this.#sweep()
    }
  }

  /** Lets `ms` pass, timer by timer, each with everything that follows from it in a turn of the event loop. */
  advance(ms: number): Promise<void> {
    return this.#pass(this.#now + ms, setImmediate)
  }

  /**
   * Lets time pass until no timer is set, or until `now()` is `untilMs`. After each timer every promise that can settle has
   * settled, but no socket is read: several times faster than `advance()`, where everything is in this process.
   */
  run(untilMs = Infinity): Promise<void> {
    return this.#pass(untilMs, settlePromises)
  }

  #pass(untilMs: number, settle: (then: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        const timer = this.#next()
        if (timer === undefined || timer.at > untilMs) {
          if (untilMs !== Infinity) this.#now = Math.max(this.#now, untilMs)
          resolve()
          return
        }
        this.#pop()
        this.#now = timer.at
        const { run } = timer
        // It is too late to cancel it.
        timer.run = undefined
        try {
          run?.()
        } catch (error) {
          reject(error)
          return
        }
        settle(step)
      }
      settle(step)
    })
  }

  #next(): Timer | undefined {
    let timer = this.#heap[0]
    while (timer !== undefined && timer.run === undefined) {
      this.#pop()
      this.#cancelled--
      timer = this.#heap[0]
    }
    return timer
  }

  /** Forgets the timers that were cancelled. A sorted list is a heap. */
  #sweep(): void {
    this.#heap = this.#heap.filter(({ run }) => run !== undefined).sort((one, other) => (isBefore(one, other) ? -1 : 1))
    this.#cancelled = 0
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let at = heap.push(timer) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const above = heap[up]
      if (above === undefined || !isBefore(timer, above)) break
      heap[at] = above
      at = up
    }
    heap[at] = timer
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      const down = right !== undefined && left !== undefined && isBefore(right, left) ? right : left
      if (down === undefined || !isBefore(down, last)) break
      heap[at] = down
      at = down === left ? 2 * at + 1 : 2 * at + 2
    }
    heap[at] = last
  }
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

/** Every promise that can settle has settled before a tick: it waits for the whole queue of microtasks. */
function settlePromises(then: () => void): void {
  queueMicrotask(() => {
    process.nextTick(then)
  })
}
