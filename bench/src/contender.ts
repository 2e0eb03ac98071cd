/** A task for a contender's process. */
export interface Task {
  /** The URL of the answer; empty for work without a network. */
  url: string
  /** The size of one repetition: chunks, messages, models. */
  size: number
  /** Repetitions. */
  times: number
  /** All repetitions at once instead of in turn. */
  atOnce: boolean
}

/**
 * Does the task. The returned function runs outside the measured time and returns a checksum of the result, which must be equal for
 * every contender of a race.
 */
export type Work = (task: Task) => Promise<() => string>

/** Reads the whole answer at `baseUrl`, and passes every piece of its text to `take`. */
export type Read = (baseUrl: string, take: (text: string) => void) => Promise<void>

/** The work of reading streams. */
export function streams(read: Read): Work {
  return async ({ url, times, atOnce }) => {
    const seen = new Set<string>()
    const one = async (): Promise<void> => {
      const text = new Checksum()
      await read(url, text.take)
      seen.add(text.toString())
    }
    if (atOnce) await Promise.all(Array.from({ length: times }, one))
    else for (let time = 0; time < times; time++) await one()
    return () => [...seen].join(', ')
  }
}

/**
 * A checksum of a text, however it was cut. It takes a few nanoseconds per character, so that every round can be checked, not only
 * the first.
 */
export class Checksum {
  #characters = 0
  #hash = 0

  readonly take = (text: string): void => {
    let hash = this.#hash
    for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
    this.#hash = hash
    this.#characters += text.length
  }

  toString(): string {
    return `${this.#characters}:${this.#hash}`
  }
}
