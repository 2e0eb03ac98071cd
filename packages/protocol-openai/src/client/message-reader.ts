import { type DecodedEvent, isRecord } from '@rivulet/core/provider'
import { Thoughts } from './thoughts.ts'
import { ToolCalls } from './tool-calls.ts'

/**
 * Reads messages and deltas, which say the same things: thoughts, then words, then tool calls. Content is a text, or a
 * list of parts, as Mistral sends its thoughts.
 *
 * @see https://docs.mistral.ai/capabilities/reasoning (2026-11-20)
 */
export class MessageReader {
  readonly calls: ToolCalls
  /** The model refused, in words of its own. */
  isRefused = false
  readonly #emit: (event: DecodedEvent) => void
  readonly #thoughts: Thoughts
  #hasText = false

  constructor(emit: (event: DecodedEvent) => void, thoughtsAreKept: boolean) {
    this.#emit = emit
    this.calls = new ToolCalls(emit)
    this.#thoughts = new Thoughts(emit, thoughtsAreKept)
  }

  read(message: Record<string, unknown>): void {
    this.#thoughts.read(message)
    this.#readContent(message.content)
    this.#readRefusal(message.refusal)
    if (Array.isArray(message.tool_calls) && message.tool_calls.length > 0) this.#thoughts.end()
    this.calls.add(message.tool_calls)
  }

  say(text: string): void {
    this.#thoughts.end()
    this.#hasText = true
    this.#emit({ type: 'text', text })
  }

  end(): void {
    this.#thoughts.end()
  }

  #readContent(content: unknown): void {
    if (typeof content === 'string') {
      if (content !== '') this.say(content)
    } else if (Array.isArray(content)) {
      for (const part of content) if (isRecord(part)) this.#readPart(part)
    }
  }

  #readPart(part: Record<string, unknown>): void {
    if (part.type === 'thinking') {
      const text = textIn(part.thinking)
      if (text !== '') this.#thoughts.say(text)
    } else if (part.type === 'refusal') {
      this.#readRefusal(part.refusal)
    } else if (typeof part.text === 'string' && part.text !== '') {
      this.say(part.text)
    }
  }

  /** A refusal stands in place of the content: its words are what the reader gets, and the finish reason says what they are. */
  #readRefusal(refusal: unknown): void {
    if (typeof refusal !== 'string' || refusal === '' || (this.#hasText && !this.isRefused)) return
    this.isRefused = true
    this.say(refusal)
  }
}

function textIn(parts: unknown): string {
  if (typeof parts === 'string') return parts
  if (!Array.isArray(parts)) return ''
  return parts.map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : '')).join('')
}
