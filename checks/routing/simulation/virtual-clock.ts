import type { Clock } from '@rivulet/core'

interface Entry {
  at: number
  /** Of two at one time, the one that was set first is first. */
  order: number
  /** Absent when it was cancelled. */
  run: (() => void) | undefined
}

/**
 * Time that passes only when nothing is left to do. Between two timers every promise that can be settled is settled, so that
 * a run depends on nothing but its seed.
 */
export class VirtualClock implements Clock {
  /** A heap: each entry is before its two children. */
  #heap: Entry[] = []
  /** How many of them were cancelled: most deadlines are. */
  #dead = 0
  #now = 0
  #order = 0

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const entry: Entry = { at: this.#now + Math.max(0, ms), order: this.#order++, run }
    this.#push(entry)
    return () => {
      if (entry.run === undefined) return
      entry.run = undefined
      if (++this.#dead > 1000 && this.#dead * 2 > this.#heap.length) this.#sweep()
    }
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#heap.filter(({ run }) => run !== undefined).length
  }

  /** Lets time pass until no timer is left, or until then. */
  run(until = Infinity): Promise<void> {
    return new Promise((resolve) => {
      const step = (): void => {
        let entry = this.#heap[0]
        while (entry !== undefined && entry.run === undefined) {
          this.#pop()
          this.#dead--
          entry = this.#heap[0]
        }
        if (entry === undefined || entry.at > until) {
          if (until !== Infinity) this.#now = Math.max(this.#now, until)
          resolve()
          return
        }
        this.#pop()
        this.#now = entry.at
        const { run } = entry
        // It is too late to cancel it.
        entry.run = undefined
        run?.()
        settle(step)
      }
      settle(step)
    })
  }

  /** Lets go of what was cancelled. A list in order is a heap. */
  #sweep(): void {
    this.#heap = this.#heap.filter(({ run }) => run !== undefined).sort((one, other) => (isBefore(one, other) ? -1 : 1))
    this.#dead = 0
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let at = heap.push(entry) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const above = heap[up]
      if (above === undefined || !isBefore(entry, above)) break
      heap[at] = above
      at = up
    }
    heap[at] = entry
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

const isBefore = (one: Entry, other: Entry): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

/** Runs when all promises that can be settled are: a tick waits for the whole queue of microtasks. */
function settle(run: () => void): void {
  queueMicrotask(() => {
    process.nextTick(run)
  })
}
