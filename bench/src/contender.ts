/** What a parent asks a contender's process to do. */
export interface Task {
  /** Where an answer is read from; what is done without a network has none. */
  url: string
  /** Of what there is to do at a time: chunks, messages, models. */
  size: number
  /** How often it is done. */
  times: number
  /** All at once, and not one after the other. */
  atOnce: boolean
}

/**
 * Does the task. What it gives is called outside the measured time and says what came out: every contender of a race must
 * come to the same.
 */
export type Work = (task: Task) => Promise<() => string>

/** Reads the whole answer at `baseUrl`, and hands every piece of its text on. */
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
 * What a text is, for a few nanoseconds a letter and whichever way it was cut: so every round can be checked, and not the
 * first alone.
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
