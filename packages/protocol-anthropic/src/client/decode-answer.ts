import { ChatError, type FinishReason } from '@rivulet/core'
import {
  type DecodedEvent,
  Envelope,
  type Frame,
  isErrorBody,
  isRecord,
  JsonFrames,
  type Sink,
} from '@rivulet/core/provider'
import { type TextDelta, textDelta } from '../text-delta.ts'
import { ContentBlocks } from './content-blocks.ts'
import { toChatError } from './errors.ts'
import { readFinishReason } from './finish-reason.ts'
import { UsageReader } from './usage.ts'

/**
 * Reads a Messages answer, as an event stream or in one piece: each frame says which it is. A stream is complete at
 * `message_stop`, a document at its end; anything shorter is `truncated`.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/streaming (2026-11-20)
 */
export function decode(emit: (event: DecodedEvent) => void): Sink<Frame> {
  return new MessagesDecoder(emit)
}

class MessagesDecoder implements Sink<Frame> {
  readonly #emit: (event: DecodedEvent) => void
  readonly #frames = new JsonFrames()
  readonly #envelope = new Envelope(textDelta)
  /** A delta of the learnt envelope: its kind and index are those of every message in that envelope. */
  #delta: TextDelta | undefined
  readonly #blocks: ContentBlocks
  readonly #usage = new UsageReader()
  #started = false
  #reason: FinishReason | undefined

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
    this.#blocks = new ContentBlocks(emit)
  }

  push(frame: Frame): void {
    const text = frame.event === 'error' ? undefined : this.#envelope.textOf(frame)
    if (text === undefined || this.#delta === undefined) this.#readJson(frame.text().trim(), frame.event)
    else this.#blocks.text(this.#delta.kind, this.#delta.index, text)
  }

  end(): void {
    if (!this.#started) throw new ChatError('malformed', 'the answer has no message of this dialect')
    throw new ChatError('truncated', 'the answer broke off before message_stop')
  }

  #readJson(json: string, event: string | undefined): void {
    const message = this.#frames.parse(json)
    if (message === undefined) return
    if (isErrorBody(message) || event === 'error') throw toChatError(message)
    if (!isRecord(message)) return
    if (this.#envelope.learn(json, message)) this.#delta = textDelta(message)
    this.#read(message)
  }

  #read(message: Record<string, unknown>): void {
    switch (message.type) {
      case 'message_start':
        if (isRecord(message.message)) this.#start(message.message)
        break
      case 'content_block_start':
        this.#blocks.start(message.index, message.content_block)
        break
      case 'content_block_delta':
        this.#blocks.delta(message.index, message.delta)
        break
      case 'message_delta':
        this.#usage.add(message.usage)
        if (isRecord(message.delta)) this.#stop(message.delta.stop_reason)
        break
      case 'message_stop':
        this.#finish()
        break
      case 'message':
        this.#readWhole(message)
        break
      // `content_block_stop` adds nothing to the next block's start; `ping` and unknown types carry no content.
    }
  }

  /** An answer in one piece. */
  #readWhole(message: Record<string, unknown>): void {
    this.#start(message)
    this.#stop(message.stop_reason)
    const content: unknown[] = Array.isArray(message.content) ? message.content : []
    for (const [index, block] of content.entries()) this.#blocks.start(index, block)
    this.#finish()
  }

  #start(message: Record<string, unknown>): void {
    this.#started = true
    this.#usage.add(message.usage)
    this.#emit({
      type: 'start',
      ...(typeof message.model === 'string' && message.model !== '' && { model: message.model }),
      ...(typeof message.id === 'string' && message.id !== '' && { id: message.id }),
    })
  }

  #stop(reason: unknown): void {
    if (typeof reason === 'string') this.#reason = readFinishReason(reason)
  }

  #finish(): void {
    const reason = this.#reason ?? 'stop'
    if (reason !== 'length') this.#blocks.end()
    const usage = this.#usage.result()
    const { skipped } = this.#frames
    this.#emit({ type: 'finish', reason, ...(usage !== undefined && { usage }), ...(skipped > 0 && { skipped }) })
  }
}
