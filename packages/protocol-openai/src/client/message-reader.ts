import { type DecodedEvent, isRecord } from '@rivulet/core/provider'
import { ThoughtReader } from './thought-reader.ts'
import { ToolCalls } from './tool-calls.ts'

/**
 * Reads messages and deltas, which have the same fields: thoughts, then text, then tool calls. Content is a string or a
 * list of parts; Mistral sends its thoughts as parts.
 *
 * @see https://docs.mistral.ai/capabilities/reasoning (2026-11-20)
 */
export class MessageReader {
  readonly calls: ToolCalls
  /** The model refused, and said so in its own words. */
  isRefused = false
  readonly #emit: (event: DecodedEvent) => void
  readonly #thoughts: ThoughtReader
  #hasText = false

  constructor(emit: (event: DecodedEvent) => void, thoughtsAreKept: boolean) {
    this.#emit = emit
    this.calls = new ToolCalls(emit)
    this.#thoughts = new ThoughtReader(emit, thoughtsAreKept)
  }

  read(message: Record<string, unknown>): void {
    this.#thoughts.read(message)
    this.#readContent(message.content)
    this.#readRefusal(message.refusal)
    if (Array.isArray(message.tool_calls) && message.tool_calls.length > 0) this.#thoughts.end()
    this.calls.add(message.tool_calls)
  }

  text(text: string): void {
    this.#thoughts.end()
    this.#hasText = true
    this.#emit({ type: 'text', text })
  }

  end(): void {
    this.#thoughts.end()
  }

  #readContent(content: unknown): void {
    if (typeof content === 'string') {
      if (content !== '') this.text(content)
    } else if (Array.isArray(content)) {
      for (const part of content) if (isRecord(part)) this.#readPart(part)
    }
  }

  #readPart(part: Record<string, unknown>): void {
    if (part.type === 'thinking') {
      const text = textIn(part.thinking)
      if (text !== '') this.#thoughts.text(text)
    } else if (part.type === 'refusal') {
      this.#readRefusal(part.refusal)
    } else if (typeof part.text === 'string' && part.text !== '') {
      this.text(part.text)
    }
  }

  /** A refusal replaces the content: the reader gets its text, and the finish reason says that it is a refusal. */
  #readRefusal(refusal: unknown): void {
    if (typeof refusal !== 'string' || refusal === '' || (this.#hasText && !this.isRefused)) return
    this.isRefused = true
    this.text(refusal)
  }
}

function textIn(parts: unknown): string {
  if (typeof parts === 'string') return parts
  if (!Array.isArray(parts)) return ''
  return parts.map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : '')).join('')
}
