import { ChatError, type FinishReason, type Usage } from '@rivulet/core'
import {
  type DecodedEvent,
  Envelope,
  type Frame,
  isErrorBody,
  isRecord,
  JsonFrames,
  type PieceOfText,
  type Sink,
} from '@rivulet/core/provider'
import type { ChatQuirks } from '../quirks.ts'
import { readError } from './errors.ts'
import { isFailure, readFinishReason } from './finish-reason.ts'
import { MessageReader } from './message-reader.ts'
import { readUsage } from './usage.ts'

/**
 * Reads a chat-completions answer, in one piece (`message`) or in many (`delta`): each frame says which it is. Ends at
 * `[DONE]`, or without it where the body ends after a `finish_reason` or a complete `message`.
 */
export function decode(emit: (event: DecodedEvent) => void, quirks: DecodeQuirks = {}): Sink<Frame> {
  return new ChatDecoder(emit, quirks)
}

/** The quirks that decoding depends on. */
export type DecodeQuirks = Pick<ChatQuirks, 'thoughts' | 'errors'>

class ChatDecoder implements Sink<Frame> {
  readonly #emit: (event: DecodedEvent) => void
  readonly #envelope = new Envelope(pieceOf)
  readonly #frames = new JsonFrames()
  readonly #quirks: DecodeQuirks
  readonly #message: MessageReader
  #started = false
  #reason: FinishReason | undefined
  #wholeMessage = false
  #usage: Usage | undefined

  constructor(emit: (event: DecodedEvent) => void, quirks: DecodeQuirks) {
    this.#emit = emit
    this.#quirks = quirks
    this.#message = new MessageReader(emit, quirks.thoughts !== undefined)
  }

  push(frame: Frame): void {
    const text = frame.event === 'error' ? undefined : this.#envelope.textOf(frame)
    if (text === undefined) this.#read(frame.text(), frame.event)
    else if (text !== '') this.#message.text(text)
  }

  end(): void {
    if (this.#reason !== undefined || this.#wholeMessage) this.#finish()
    else if (this.#frames.isEmpty || (this.#frames.isSingle && !this.#started))
      throw new ChatError('malformed', 'the answer has no message of this dialect')
    else throw new ChatError('truncated', 'the answer broke off before [DONE]')
  }

  #read(text: string, event: string | undefined): void {
    const data = text.trim()
    if (data === '[DONE]') {
      this.#finish()
      return
    }
    const chunk = this.#frames.parse(data)
    if (chunk === undefined) return
    if (isErrorBody(chunk) || event === 'error') this.#fail(chunk)
    if (isRecord(chunk)) this.#readChunk(chunk, data)
  }

  #readChunk(chunk: Record<string, unknown>, json: string): void {
    // A ping has no choices, and names neither the model nor the answer.
    if (!this.#started && Array.isArray(chunk.choices)) {
      this.#started = true
      this.#emit({
        type: 'start',
        ...(typeof chunk.model === 'string' && chunk.model !== '' && { model: chunk.model }),
        ...(typeof chunk.id === 'string' && chunk.id !== '' && { id: chunk.id }),
      })
    }
    // Groq puts the usage of its last chunk, and errors, beside the choices.
    const groq = isRecord(chunk.x_groq) ? chunk.x_groq : {}
    if (isErrorBody(groq)) this.#fail(groq)
    const usage = readUsage(chunk.usage) ?? readUsage(groq.usage)
    this.#usage = usage ?? this.#usage
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined
    if (!isRecord(choice)) return
    if (isRecord(choice.delta)) {
      this.#message.read(choice.delta)
      if (usage === undefined) this.#envelope.learn(json, chunk)
    } else if (isRecord(choice.message)) {
      this.#wholeMessage = true
      this.#message.read(choice.message)
    }
    if (isErrorBody(choice)) this.#fail(choice)
    if (typeof choice.finish_reason !== 'string') return
    if (isFailure(choice.finish_reason)) {
      throw new ChatError('overloaded', `the endpoint ended the answer with "${choice.finish_reason}"`)
    }
    this.#reason = readFinishReason(choice.finish_reason)
  }

  #fail(body: unknown): never {
    const { code, message } = readError(undefined, body, this.#quirks.errors)
    throw new ChatError(code, `the endpoint reports: ${message}`)
  }

  #finish(): void {
    const { calls, isRefused } = this.#message
    const reason = isRefused ? 'content-filter' : this.#reason
    this.#message.end()
    // An answer that ended early may have cut its last call.
    const isWhole = reason !== 'length' && reason !== 'content-filter'
    if (isWhole) calls.end()
    this.#emit({
      type: 'finish',
      // Some servers send "stop" when they call tools, some send no reason.
      reason: calls.size > 0 && isWhole ? 'tool-calls' : (reason ?? 'stop'),
      ...(this.#usage !== undefined && { usage: this.#usage }),
      ...(this.#frames.skipped > 0 && { skipped: this.#frames.skipped }),
    })
  }
}

/** The text of a chunk that carries nothing else, so that the next chunk of its envelope carries nothing else either. */
function pieceOf(chunk: unknown): PieceOfText | undefined {
  const choice: unknown = isRecord(chunk) && Array.isArray(chunk.choices) ? chunk.choices[0] : undefined
  if (!isRecord(chunk) || !isRecord(choice) || !isRecord(choice.delta) || typeof choice.finish_reason === 'string') {
    return undefined
  }
  const { content, role: _role, ...rest } = choice.delta
  const isOnlyContent = Object.values(rest).every(
    (value) => value === null || value === '' || (Array.isArray(value) && value.length === 0),
  )
  if (typeof content !== 'string' || !isOnlyContent) return undefined
  // OpenAI pads its chunks with random letters, so that their length does not reveal that of the text.
  const { obfuscation } = chunk
  return { text: content, ...(typeof obfuscation === 'string' && { noise: [obfuscation] }) }
}
