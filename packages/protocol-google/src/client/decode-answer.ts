import { ChatError, type FinishReason, type Usage } from '@rivulet/core'
import {
  argumentsText,
  CallIds,
  type DecodedEvent,
  type Decoder,
  type Frame,
  isErrorBody,
  isErrorEvent,
  isRecord,
  JsonFrames,
  jsonOrText,
  laterUsage,
} from '@rivulet/core/provider'
import { firstCandidate } from './candidate.ts'
import { readError } from './errors.ts'
import { isOdd, laterReason } from './finish-reason.ts'
import { RepeatedChunk } from './repeated-chunk.ts'
import { readUsage } from './usage.ts'
import { DIALECT, isNativePart, NATIVE_METADATA } from '../wire-part.ts'

/**
 * Reads a `generateContent` answer: one document, or one in each event. A `finishReason` allows it to end, and the end of the
 * body, or a silence, ends it; without one it is `truncated`. A refused prompt is the error `content-filter`.
 *
 * @see https://ai.google.dev/api/generate-content (2026-11-20)
 */
export function decode(emit: (event: DecodedEvent) => void): Decoder {
  return new GeminiDecoder(emit)
}

class GeminiDecoder implements Decoder {
  readonly #emit: (event: DecodedEvent) => void
  readonly #frames = new JsonFrames()
  readonly #repeated = new RepeatedChunk()
  readonly #ids = new CallIds()
  #started = false
  #id = 'call'
  #lastId: string | undefined
  /** The id has come twice. */
  #isIdStable = false
  #calls = 0
  #usage: Usage | undefined
  #reason: FinishReason | undefined
  /** The last frame could not be read: the body broke off inside it, or it is an error in words. */
  #isCut = false
  #label: Decoder['label']

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
  }

  get mayEnd(): boolean {
    return this.#reason !== undefined
  }

  get label(): Decoder['label'] {
    return this.#label
  }

  push(frame: Frame): void {
    this.#label = undefined
    if (isErrorEvent(frame)) throw reported(jsonOrText(frame.text()))
    this.#isCut = false
    const text = this.#repeated.textOf(frame)
    if (text === undefined) {
      this.#readJson(frame.text().trim())
      return
    }
    this.#checkId(this.#repeated.responseId)
    if (text !== '') this.#emit({ type: this.#repeated.isThought ? 'reasoning' : 'text', text })
  }

  end(): void {
    if (!this.#started) throw new ChatError('malformed', 'the answer has no message of this dialect')
    if (this.#reason === undefined) throw new ChatError('truncated', 'the answer broke off before its finishReason')
    if (this.#isCut) throw new ChatError('truncated', 'the answer broke off inside a message')
    this.#finish(this.#reason)
  }

  #readJson(json: string): void {
    // The end mark of another dialect, which gateways add.
    if (json === '[DONE]') {
      this.#label = 'mended'
      return
    }
    this.#usage = laterUsage(this.#usage, this.#repeated.takeUsage())
    const { skipped } = this.#frames
    const chunk = this.#frames.parse(json)
    this.#isCut = this.#frames.skipped > skipped
    // Without `alt=sse` a stream is one list of chunks.
    if (this.#isCut || Array.isArray(chunk)) this.#label = 'mended'
    this.#repeated.learn(json, chunk)
    for (const one of Array.isArray(chunk) ? chunk : [chunk]) {
      if (isErrorBody(one)) throw reported(one)
      if (isRecord(one)) this.#readChunk(one)
    }
  }

  #readChunk(chunk: Record<string, unknown>): void {
    const { candidates, promptFeedback: feedback } = chunk
    const blocked = isRecord(feedback) ? feedback.blockReason : undefined
    if (typeof blocked === 'string' && !/^(block_reason_unspecified)?$/i.test(blocked)) {
      const { blockReasonMessage: words } = feedback as Record<string, unknown>
      throw new ChatError(
        'content-filter',
        `the endpoint refuses the prompt: ${typeof words === 'string' ? words : blocked}`,
      )
    }
    if (!Array.isArray(candidates) && chunk.usageMetadata === undefined) return
    if (!this.#started) this.#start(chunk)
    this.#usage = laterUsage(this.#usage, readUsage(chunk.usageMetadata))
    this.#checkId(chunk.responseId)
    const candidate = firstCandidate(candidates)
    if (Array.isArray(candidates) && candidates.length !== (candidate === undefined ? 0 : 1)) this.#label = 'mended'
    if (candidate === undefined) {
      this.#label ??= 'usage'
      return
    }
    const { content } = candidate
    const parts: unknown[] = isRecord(content) && Array.isArray(content.parts) ? content.parts : []
    for (const part of parts) if (isRecord(part)) this.#readPart(part)
    for (const name of NATIVE_METADATA) {
      const value: unknown = candidate[name]
      if (isRecord(value)) this.#emit({ type: 'native', dialect: DIALECT, value: { [name]: value } })
    }
    const { finishReason } = candidate
    // Its clients take the last reason for the answer's.
    const isSecond = this.#reason !== undefined && typeof finishReason === 'string'
    this.#reason = laterReason(this.#reason, finishReason, candidate.finishMessage)
    if (isSecond || isOdd(finishReason)) this.#label = 'mended'
  }

  /** A gateway that asks again may begin a second answer. Some servers give each chunk an id of its own. */
  #checkId(received: unknown): void {
    if (typeof received !== 'string' || received === '') return
    if (received !== this.#lastId && this.#isIdStable) {
      throw new ChatError('malformed', 'a second answer begins in the stream')
    }
    this.#isIdStable = received === this.#lastId
    this.#lastId = received
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

  #readPart(part: Record<string, unknown>): void {
    const { text: received, thought, thoughtSignature, functionCall: call } = part
    const signed = typeof thoughtSignature === 'string' && thoughtSignature !== '' && { signature: thoughtSignature }
    if (isRecord(call)) {
      this.#call(call, signed)
      return
    }
    if (isNativePart(part)) {
      this.#emit({ type: 'native', dialect: DIALECT, value: part })
      return
    }
    const text = typeof received === 'string' ? received : ''
    if (text !== '' || signed !== false) {
      this.#emit({ type: thought === true ? 'reasoning' : 'text', text, ...signed })
    }
  }

  /** A call arrives complete. Older models give it no id: then it gets one that is unique to this answer. */
  #call({ id: received, name, args }: Record<string, unknown>, signed: false | { signature: string }): void {
    if (typeof name !== 'string' || name === '') throw new ChatError('malformed', 'a function call has no name')
    const id = this.#ids.take(received, this.#id)
    if (id !== received || typeof args === 'string') this.#label = 'mended'
    this.#calls++
    const json = argumentsText(args)
    this.#emit({ type: 'tool-call', id, name, ...signed })
    if (json !== '') this.#emit({ type: 'tool-input', id, text: json })
  }

  #finish(reason: FinishReason): void {
    const usage = laterUsage(this.#usage, this.#repeated.takeUsage())
    const { skipped } = this.#frames
    const endsEarly = reason === 'length' || reason === 'content-filter'
    this.#emit({
      type: 'finish',
      reason: this.#calls > 0 && !endsEarly ? 'tool-calls' : reason,
      ...(usage !== undefined && { usage }),
      ...(skipped > 0 && { skipped }),
    })
  }
}

/** An error inside an answer that began as a success. */
function reported(body: unknown): ChatError {
  const { code, message, retryAfterMs } = readError(undefined, body)
  return new ChatError(code, `the endpoint reports: ${message}`, { retryAfterMs })
}
