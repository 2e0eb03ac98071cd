import { ChatError } from '../errors.ts'
import { isRecord } from '../check/is-record.ts'

/**
 * Frames as JSON objects, with the same patience in every dialect: heartbeats are passed over, a first message that can't
 * be read is no answer, a later one is counted.
 */
export class JsonFrames {
  #read = 0
  #skipped = 0

  /** Whether there was no message yet, read or not. */
  get isEmpty(): boolean {
    return this.#read === 0
  }

  /** Whether there was one message and no other: most likely, all of the body. */
  get isSingle(): boolean {
    return this.#read === 1
  }

  /** Frames that could not be read, or were no objects. */
  get skipped(): number {
    return this.#skipped
  }

  /**
   * The object in a frame; `undefined` when it has none.
   *
   * @throws `ChatError` for a first message that is not JSON: `truncated` when it is the beginning of some, else `malformed`.
   */
  parse(text: string): Record<string, unknown> | unknown[] | undefined {
    const data = text.trim()
    // Empty data, and the comments that some proxies send as data.
    if (data === '' || data.startsWith(':')) return undefined
    const first = this.#read++ === 0
    try {
      const value: unknown = JSON.parse(data)
      if (isRecord(value) || Array.isArray(value)) return value
    } catch {
      if (first && isCutJson(data)) throw new ChatError('truncated', 'the answer broke off inside its first message')
    }
    if (first) throw new ChatError('malformed', 'the answer does not begin with a JSON object')
    this.#skipped++
    return undefined
  }
}

/** Whether a text is the beginning of a JSON object or array that was cut off, and not something else. */
export function isCutJson(text: string): boolean {
  // A brace is followed by a name in quotes or by its end: anything else was never JSON.
  if (!/^\s*(?:\[|\{\s*(?:["}]|$))/.test(text)) return false
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
  }
  return inString || depth > 0
}
