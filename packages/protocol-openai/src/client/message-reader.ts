import { type DecodedEvent, isRecord } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { SaidText } from './said-text.ts'
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
  /** What was read says it otherwise than OpenAI does. */
  isMended = false
  readonly #emit: (event: DecodedEvent) => void
  readonly #thoughts: ThoughtReader
  readonly #said = new SaidText()
  #hasNative = false

  constructor(emit: (event: DecodedEvent) => void, thoughtsAreKept: boolean, carried?: ReadonlySet<string>) {
    this.#emit = emit
    this.calls = new ToolCalls(emit, carried)
    this.#thoughts = new ThoughtReader(emit, thoughtsAreKept)
  }

  /** Neither text nor a thought has come. */
  get isEmpty(): boolean {
    return this.#said.isEmpty && this.#thoughts.isEmpty
  }

  read(message: Record<string, unknown>): void {
    this.#thoughts.read(message)
    this.#readContent(message.content)
    this.#readRefusal(message.refusal)
    this.#readNative(message)
    this.#endThoughtsBeforeCalls(message)
    this.calls.add(message)
    this.isMended ||= typeof message.content === 'object' && message.content !== null
    this.isMended ||= this.calls.isMended
  }

  /**
   * Reads a message that follows its pieces, and says everything once more: what the pieces left out is emitted.
   *
   * @throws ChatError `malformed` when it differs from what the pieces said.
   */
  repeat(message: Record<string, unknown>): void {
    if (this.#thoughts.isEmpty) this.#thoughts.read(message)
    const { content, refusal } = message
    const said = textIn(content)
    this.isRefused ||= said === '' && typeof refusal === 'string' && refusal !== ''
    const whole = this.isRefused && typeof refusal === 'string' ? refusal : said
    const rest = whole === '' ? '' : this.#said.restOf(whole)
    if (rest !== '') this.text(rest)
    if (!this.#hasNative) this.#readNative(message)
    this.#endThoughtsBeforeCalls(message)
    this.calls.repeat(message)
  }

  text(text: string): void {
    this.#thoughts.end()
    this.#said.add(text)
    this.#emit({ type: 'text', text })
  }

  end(): void {
    this.#thoughts.end()
  }

  #endThoughtsBeforeCalls({ tool_calls: calls, function_call: older }: Record<string, unknown>): void {
    if ((Array.isArray(calls) && calls.length > 0) || isRecord(older)) this.#thoughts.end()
  }

  /** Content that only this dialect has a word for: citations, sound, and images that a model has made. */
  #readNative(message: Record<string, unknown>): void {
    this.#native('annotations', message.annotations)
    this.#native('audio', message.audio)
    this.#native('images', message.images)
  }

  #native(name: string, value: unknown): void {
    if (Array.isArray(value) ? value.length === 0 : !isRecord(value)) return
    this.#hasNative = true
    this.#thoughts.end()
    this.#emit({ type: 'native', dialect: DIALECT, value: { [name]: value } })
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
    if (typeof refusal !== 'string' || refusal === '' || (!this.#said.isEmpty && !this.isRefused)) return
    this.isRefused = true
    this.text(refusal)
  }
}

function textIn(parts: unknown): string {
  if (typeof parts === 'string') return parts
  if (!Array.isArray(parts)) return ''
  return parts.map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : '')).join('')
}
