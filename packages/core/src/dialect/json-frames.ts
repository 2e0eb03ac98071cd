import { ChatError } from '../errors.ts'
import { isRecord } from '../check/is-record.ts'
import { JsonProgress } from './json-progress.ts'
import { parseJson } from './parse-json.ts'
import type { Frame } from '../protocol.ts'

/**
 * Parses frames as JSON objects, with the same tolerance in every dialect: skips heartbeats, throws for a first message that
 * can't be parsed, counts later ones.
 */
export class JsonFrames {
  #received = 0
  #skipped = 0

  /** Whether no message has arrived yet, valid or not. */
  get isEmpty(): boolean {
    return this.#received === 0
  }

  /** Whether exactly one message has arrived: most likely the whole body. */
  get isSingle(): boolean {
    return this.#received === 1
  }

  /** How many frames were not JSON objects or arrays. */
  get skipped(): number {
    return this.#skipped
  }

  /**
   * Parses the object or array in a frame; `undefined` for a heartbeat and for a skipped frame.
   *
   * @throws ChatError for a first message that is not JSON: `truncated` if it is the beginning of some, else `malformed`.
   */
  parse(text: string): Record<string, unknown> | unknown[] | undefined {
    const data = text.trim()
    // Empty data, and the comments that some proxies send as data.
    if (data === '' || data.startsWith(':')) return undefined
    const first = this.#received++ === 0
    const value = parseJson(data)
    if (isRecord(value) || Array.isArray(value)) return value
    if (first && value === undefined && isCutJson(data))
      throw new ChatError('truncated', 'the answer broke off inside its first message')
    if (first) throw new ChatError('malformed', 'the answer does not begin with a JSON object')
    this.#skipped++
    return undefined
  }
}

/** Whether a text is the beginning of a JSON object or array that was cut off. */
export function isCutJson(text: string): boolean {
  // After a brace comes a quoted name or a closing brace: anything else is not JSON.
  if (!/^\s*(?:\[|\{\s*(?:["}]|$))/.test(text)) return false
  const progress = new JsonProgress()
  progress.add(text)
  return progress.isOpen
}

/** Whether a frame is an SSE event that reports an error, whatever its data. */
export const isErrorEvent = ({ event }: Frame): boolean => event?.length === 5 && event.toLowerCase() === 'error'

/** What `readErrorBody` reads: parsed JSON, or the text itself, because gateways report errors in plain words. */
export function jsonOrText(text: string): unknown {
  const value = parseJson(text)
  return value === undefined ? text.trim() : value
}
