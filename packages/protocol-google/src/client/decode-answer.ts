import { ChatError, type Usage } from '@rivulet/core'
import { type DecodedEvent, type Frame, isErrorBody, isRecord, JsonFrames, type Sink } from '@rivulet/core/provider'
import { readError } from './errors.ts'
import { readFinishReason } from './finish-reason.ts'
import { RepeatedChunk } from './repeated-chunk.ts'
import { callSignature } from './signatures.ts'
import { readUsage } from './usage.ts'

/**
 * Reads a `generateContent` answer: one document, or one in each event. It is complete at its `finishReason`; anything
 * shorter is `truncated`. A refused prompt is the error `content-filter`.
 *
 * @see https://ai.google.dev/api/generate-content (2026-11-20)
 */
export function decode(emit: (event: DecodedEvent) => void): Sink<Frame> {
  return new GeminiDecoder(emit)
}

class GeminiDecoder implements Sink<Frame> {
  readonly #emit: (event: DecodedEvent) => void
  readonly #frames = new JsonFrames()
  readonly #repeated = new RepeatedChunk()
  #started = false
  #id = 'call'
  #calls = 0
  #usage: Usage | undefined

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  push(frame: Frame): void {
    const text = frame.event === 'error' ? undefined : this.#repeated.textOf(frame)
    if (text === undefined) this.#readJson(frame.text().trim(), frame.event)
    else if (text !== '') this.#emit({ type: this.#repeated.isThought ? 'reasoning' : 'text', text })
  }

  end(): void {
    if (!this.#started) throw new ChatError('malformed', 'the answer has no message of this dialect')
    throw new ChatError('truncated', 'the answer broke off before its finishReason')
  }

  #readJson(json: string, event: string | undefined): void {
    this.#usage = this.#repeated.takeUsage() ?? this.#usage
    const chunk = this.#frames.parse(json)
    if (chunk === undefined) return
    if (isErrorBody(chunk) || event === 'error') {
      const { code, message, retryAfterMs } = readError(undefined, chunk)
      throw new ChatError(code, `the endpoint reports: ${message}`, { retryAfterMs })
    }
    this.#repeated.learn(json, chunk)
    if (isRecord(chunk)) this.#readChunk(chunk)
  }

  #readChunk(chunk: Record<string, unknown>): void {
    const { candidates, promptFeedback: feedback } = chunk
    if (isRecord(feedback) && typeof feedback.blockReason === 'string') {
      throw new ChatError('content-filter', `the endpoint refuses the prompt: ${feedback.blockReason}`)
    }
    if (!Array.isArray(candidates) && chunk.usageMetadata === undefined) return
    if (!this.#started) this.#start(chunk)
    this.#usage = readUsage(chunk.usageMetadata) ?? this.#usage
    const candidate: unknown = Array.isArray(candidates) ? candidates[0] : undefined
    if (!isRecord(candidate)) return
    const { content } = candidate
    const parts: unknown[] = isRecord(content) && Array.isArray(content.parts) ? content.parts : []
    for (const part of parts) if (isRecord(part)) this.#readPart(part)
    if (typeof candidate.finishReason === 'string') this.#finish(candidate.finishReason, candidate.finishMessage)
  }

  #start({ modelVersion: model, responseId: id }: Record<string, unknown>): void {
    this.#started = true
    if (typeof id === 'string' && id !== '') this.#id = id
    this.#emit({
      type: 'start',
      ...(typeof model === 'string' && model !== '' && { model }),
      ...(typeof id === 'string' && id !== '' && { id }),
    })
  }

  #readPart({ text, thought, thoughtSignature: signature, functionCall: call }: Record<string, unknown>): void {
    const signed = typeof signature === 'string' && signature !== '' ? signature : undefined
    if (isRecord(call)) {
      this.#call(call, signed)
      return
    }
    const content = typeof text === 'string' ? text : ''
    if (thought === true) {
      if (content !== '' || signed !== undefined) {
        this.#emit({ type: 'reasoning', text: content, ...(signed !== undefined && { signature: signed }) })
      }
      return
    }
    if (content !== '') this.#emit({ type: 'text', text: content })
    if (signed !== undefined) this.#emit({ type: 'reasoning', text: '', signature: signed })
  }

  /** A call arrives complete. Older models give it no id: then it gets one that is unique to this answer. */
  #call({ id: given, name, args }: Record<string, unknown>, signature: string | undefined): void {
    const number = this.#calls++
    const id = typeof given === 'string' && given !== '' ? given : `${this.#id}_${number}`
    if (signature !== undefined)
      this.#emit({ type: 'reasoning', text: '', signature: callSignature(number, signature) })
    this.#emit({ type: 'tool-call', id, name: typeof name === 'string' ? name : '' })
    if (isRecord(args) && Object.keys(args).length > 0) {
      this.#emit({ type: 'tool-input', id, json: JSON.stringify(args) })
    }
  }

  #finish(stopped: string, explanation: unknown): void {
    // The model failed to write a call, and its content is lost: a failure, not another reason to finish.
    if (stopped.startsWith('MALFORMED_')) {
      const message = typeof explanation === 'string' ? explanation : 'the output of the model is not readable'
      throw new ChatError('malformed', `the endpoint reports ${stopped}: ${message}`)
    }
    const reason = readFinishReason(stopped)
    const { skipped } = this.#frames
    this.#emit({
      type: 'finish',
      reason: reason === 'stop' && this.#calls > 0 ? 'tool-calls' : reason,
      ...(this.#usage !== undefined && { usage: this.#usage }),
      ...(skipped > 0 && { skipped }),
    })
  }
}
