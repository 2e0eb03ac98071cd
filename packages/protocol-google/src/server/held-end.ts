import type { ChatEvent } from '@rivulet/core'

/** More than any endpoint sends after its reason. */
const MAX_FRAMES = 64

/** Frames that end an answer, and wait until it has really ended. */
export class HeldEnd {
  #frames: string[] = []
  #events: ChatEvent[] = []

  get isEmpty(): boolean {
    return this.#frames.length === 0
  }

  /** A frame, and the events that were read out of it. The first one has the reason. */
  add(json: string, events: readonly ChatEvent[]): void {
    if (this.#frames.length === MAX_FRAMES) return
    this.#frames.push(json)
    this.#events.push(...events)
  }

  /** The answer has ended. */
  take(): readonly string[] {
    const frames = this.#frames
    this.clear()
    return frames
  }

  /** The answer goes on, or has failed: what it said so far is still to be written. */
  release(): readonly ChatEvent[] {
    const events = this.#events
    this.clear()
    return events
  }

  clear(): void {
    this.#frames = []
    this.#events = []
  }
}
