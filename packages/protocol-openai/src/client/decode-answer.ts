import { ChatError, type FinishReason, type TextTool, type Usage } from '@rivulet/core'
import {
  type DecodedEvent,
  type Decoder,
  Envelope,
  type Frame,
  isErrorBody,
  isRecord,
  JsonFrames,
  jsonOrText,
  laterUsage,
  readFinishReason,
} from '@rivulet/core/provider'
import type { ChatQuirks } from '../quirks.ts'
import { choiceOf, pieceOf } from './choices.ts'
import { readError } from './errors.ts'
import { MessageReader } from './message-reader.ts'
import { SecondAnswer } from './second-answer.ts'
import { readUsage } from './usage.ts'

/**
 * Reads a chat-completions answer, in one piece (`message`) or in many (`delta`): each frame says which it is. Ends at
 * `[DONE]`, or without it where the body ends after a `finish_reason` or a complete `message`.
 *
 * @param carried The text tools that were sent as functions.
 */
export function decode(
  emit: (event: DecodedEvent) => void,
  quirks: DecodeQuirks = {},
  carried: readonly TextTool[] = [],
): Decoder {
  return new ChatDecoder(emit, quirks, carried.length === 0 ? undefined : new Set(carried.map(({ name }) => name)))
}

/** The quirks that decoding depends on. */
export type DecodeQuirks = Pick<ChatQuirks, 'thoughts' | 'errors'>

class ChatDecoder implements Decoder {
  mayEnd = false
  label: Decoder['label']
  readonly #emit: (event: DecodedEvent) => void
  readonly #envelope = new Envelope(pieceOf)
  /** The role in each chunk that matches the envelope. */
  #envelopeRole: unknown
  readonly #frames = new JsonFrames()
  readonly #quirks: DecodeQuirks
  readonly #message: MessageReader
  readonly #second = new SecondAnswer()
  #started = false
  /** A choice has come: there is an answer that can end. */
  #hasChoice = false
  #hasDelta = false
  /** The chunk that is read has content. */
  #hasContent = false
  /** Content has come without a finish reason: this server does not send one with every chunk. */
  #hasOpenContent = false
  /** Another answer has begun: content from now on is not of this one. */
  #isOver = false
  /** The last frame could not be read. */
  #isCut = false
  #reason: FinishReason | undefined
  /** No content has come after the reason. */
  #reasonIsLast = false
  #wholeMessage = false
  /** The last frame with a reason can be passed on to a client. */
  #hasPlainEnd = false
  #usage: Usage | undefined

  constructor(emit: (event: DecodedEvent) => void, quirks: DecodeQuirks, carried: ReadonlySet<string> | undefined) {
    this.#emit = emit
    this.#quirks = quirks
    const emitContent = (event: DecodedEvent): void => {
      if (this.#isOver) throw new ChatError('malformed', 'a second answer begins in the stream')
      // Whatever follows a finish reason shows that the answer goes on.
      this.mayEnd = false
      this.#hasContent = true
      this.#hasPlainEnd = this.#reasonIsLast = false
      emit(event)
    }
    this.#message = new MessageReader(emitContent, quirks.thoughts !== undefined, carried)
  }

  push(frame: Frame): void {
    const isError = frame.event?.toLowerCase() === 'error'
    const text = isError ? undefined : this.#envelope.textOf(frame)
    this.label = undefined
    if (text === undefined) {
      this.#read(frame.text().trim(), isError)
      return
    }
    this.#isCut = false
    this.#begin(undefined, this.#envelopeRole)
    if (text !== '') this.#message.text(text)
  }

  end(): void {
    const isSaid = this.#reason !== undefined || this.#wholeMessage
    const isCut = this.#isCut || (this.#reason === 'tool-calls' && this.#message.calls.size === 0)
    if (isSaid && !isCut) this.#finish()
    else if (this.#frames.isEmpty || (this.#frames.isSingle && !this.#started)) throw noAnswer()
    else throw new ChatError('truncated', 'the answer broke off before [DONE]')
  }

  #read(data: string, isError: boolean): void {
    if (isError) this.#fail(jsonOrText(data))
    if (data === '[DONE]') {
      // An end mark by itself ends nothing.
      if (!this.#hasChoice) throw noAnswer()
      this.#finish()
      // A client needs a reason before the end mark, and no content after it.
      if (!this.#hasPlainEnd) this.label = 'mended'
      return
    }
    const skippedBefore = this.#frames.skipped
    const chunk = this.#frames.parse(data)
    this.#isCut = this.#frames.skipped > skippedBefore
    // Clients of the dialect expect a chunk.
    if (!isRecord(chunk)) this.label = 'mended'
    if (isErrorBody(chunk)) this.#fail(chunk)
    if (isRecord(chunk)) this.#readChunk(chunk, data)
  }

  #readChunk(chunk: Record<string, unknown>, json: string): void {
    // A ping has no choices, and names neither the model nor the answer.
    if (!this.#started && Array.isArray(chunk.choices)) this.#start(chunk)
    // Groq puts the usage of its last chunk, and errors, beside the choices; Moonshot puts the usage inside.
    const groq = isRecord(chunk.x_groq) ? chunk.x_groq : undefined
    if (isErrorBody(groq)) this.#fail(groq)
    const choice = choiceOf(chunk)
    const usage = readUsage(chunk.usage) ?? readUsage(groq?.usage) ?? readUsage(choice?.usage)
    this.#usage = laterUsage(this.#usage, usage)
    if (choice === undefined) {
      if (usage !== undefined) this.label = 'usage'
      return
    }
    this.#hasContent = false
    this.#message.isMended = !isRecord(choice.delta) || isRecord(choice.message)
    this.#readChoice(choice, chunk.id)
    if (isErrorBody(choice)) this.#fail(choice)
    const reason = readFinishReason(choice.finish_reason)
    if (this.#message.isMended) this.label = 'mended'
    if (reason !== undefined) {
      this.#hasChoice = true
      this.#hasPlainEnd = this.label === undefined && this.#isEnd(choice.finish_reason)
      this.label = this.#hasPlainEnd ? 'end' : 'mended'
      if (!this.#reasonIsLast || rank(reason) > rank(this.#reason)) this.#reason = reason
      this.#reasonIsLast = true
      // A silence ends the answer only where the reason is a sign of the end.
      this.mayEnd = this.#second.hasEnded = this.#hasOpenContent
      return
    }
    this.#hasOpenContent ||= this.#hasContent
    if (usage === undefined && isRecord(choice.delta) && this.#envelope.learn(json, chunk)) {
      this.#envelopeRole = choice.delta.role
    }
  }

  /** Whether a reason comes as at OpenAI: without content, once, and one that is true. */
  #isEnd(reason: unknown): boolean {
    if (this.#hasContent || this.#reasonIsLast) return false
    if (reason === (this.#message.calls.size > 0 ? 'tool_calls' : 'stop')) return true
    return reason === 'length' || reason === 'content_filter'
  }

  #start({ model, id }: Record<string, unknown>): void {
    this.#started = true
    const hasId = typeof id === 'string' && id !== ''
    if (hasId) this.#message.calls.answerId = id
    const start: Extract<DecodedEvent, { type: 'start' }> = { type: 'start' }
    if (typeof model === 'string' && model !== '') start.model = model
    if (hasId) start.id = id
    this.#emit(start)
  }

  #begin(id: unknown, role: unknown): void {
    if (this.#second.begins(id, role)) this.#isOver = true
  }

  #readChoice(choice: Record<string, unknown>, id: unknown): void {
    const { delta, message, text, finish_reason: reason } = choice
    const isLast = typeof reason === 'string' && reason !== ''
    const said = isRecord(delta) ? delta : message
    this.#begin(id, isRecord(said) ? said.role : undefined)
    if (isRecord(delta)) {
      this.#hasChoice = this.#hasDelta = true
      this.#message.read(delta)
    }
    if (isRecord(message) && !isPiece(delta, message, isLast)) {
      // After deltas, a message repeats what they said.
      if (this.#hasDelta) this.#message.repeat(message)
      else this.#message.read(message)
      this.#hasChoice = true
      this.#wholeMessage = true
    } else if (typeof text === 'string' && !isRecord(delta)) {
      // The API of completions before chat.
      this.#hasChoice = true
      if (text !== '') this.#message.text(text)
    }
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
    const isLost = reason === 'tool-calls' && calls.size === 0 && (calls.hasNameless || this.#message.isEmpty)
    if (isLost) throw new ChatError('malformed', 'the answer says that it calls a tool, and has no call')
    // Some servers send "stop" when they call tools, some send no reason, and some "tool_calls" after words alone.
    const called = calls.size > 0 ? 'tool-calls' : reason === 'tool-calls' ? 'stop' : reason
    this.#emit({
      type: 'finish',
      reason: (isWhole ? called : reason) ?? 'stop',
      ...(this.#usage !== undefined && { usage: this.#usage }),
      ...(this.#frames.skipped > 0 && { skipped: this.#frames.skipped }),
    })
  }
}

/** How much a reason tells of what the answer lacks. Of several in a row, as gateways send them, the one that says most holds. */
const rank = (reason: FinishReason | undefined): number =>
  ['stop', 'other', 'tool-calls', 'length', 'content-filter'].indexOf(reason ?? '')

const noAnswer = (): ChatError => new ChatError('malformed', 'the answer has no message of this dialect')

/** Some servers send each piece twice, as a delta and as a message: only the last one may be the whole. */
const isPiece = (delta: unknown, message: Record<string, unknown>, isLast: boolean): boolean =>
  isRecord(delta) && Object.keys(delta).length > 0 && (!isLast || delta.content === message.content)
