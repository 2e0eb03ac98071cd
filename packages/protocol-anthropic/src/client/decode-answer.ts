import { ChatError, type FinishReason } from '@rivulet/core'
import {
  type DecodedEvent,
  type Decoder,
  Envelope,
  type Frame,
  isErrorBody,
  isErrorEvent,
  isRecord,
  JsonFrames,
  jsonOrText,
  readFinishReason,
} from '@rivulet/core/provider'
import { type TextDelta, textDelta } from '../text-delta.ts'
import { ContentBlocks } from './content-blocks.ts'
import { toChatError } from './errors.ts'
import { UsageReader } from './usage.ts'

/**
 * Reads a Messages answer, as an event stream or in one piece: each frame says which it is. A stream is complete at
 * `message_stop`, a document at its end; anything shorter is `truncated`.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/streaming (2026-11-20)
 */
export class MessagesDecoder implements Decoder {
  readonly #emit: (event: DecodedEvent) => void
  readonly #frames = new JsonFrames()
  readonly #envelope = new Envelope(textDelta)
  /** A delta of the learnt envelope: its kind and index are those of every message in that envelope. */
  #delta: TextDelta | undefined
  readonly #blocks: ContentBlocks
  readonly #usage = new UsageReader()
  #started = false
  /** The last message said why the answer ends. */
  #isStop = false
  #reason: FinishReason | undefined

  constructor(emit: (event: DecodedEvent) => void) {
    this.#emit = emit
    this.#blocks = new ContentBlocks(emit)
  }

  /** A client takes an answer for whole at its reason to stop. */
  get label(): 'mended' | 'end' | undefined {
    return this.#blocks.isMended ? 'mended' : this.#isStop ? 'end' : undefined
  }

  push(frame: Frame): void {
    this.#blocks.isMended = false
    this.#isStop = false
    if (isErrorEvent(frame)) throw toChatError(jsonOrText(frame.text()))
    const text = this.#envelope.textOf(frame)
    if (text === undefined || this.#delta === undefined) this.#readJson(frame.text().trim(), frame.event)
    else {
      this.#blocks.text(this.#delta.kind, this.#delta.index, text)
      if (frame.event !== 'content_block_delta') this.#blocks.isMended = true
    }
  }

  end(): void {
    if (!this.#hasBegun()) throw new ChatError('malformed', 'the answer has no message of this dialect')
    throw new ChatError('truncated', 'the answer broke off before message_stop')
  }

  #readJson(json: string, event: string | undefined): void {
    // The end mark of another dialect, which gateways add: it ends an answer that has given its reason to stop.
    if (json === '[DONE]' && this.#reason !== undefined) {
      this.#blocks.isMended = true
      this.#finish()
      return
    }
    const message = this.#frames.parse(json)
    if (isErrorBody(message)) throw toChatError(message)
    if (!isRecord(message)) {
      this.#blocks.isMended = true
      return
    }
    if (this.#envelope.learn(json, message)) this.#delta = textDelta(message)
    this.#read(typeOf(message, event), message)
    // Clients go by the name of the event and by the type of its message; a document has no name.
    if (message.type !== (event ?? 'message')) this.#blocks.isMended = true
  }

  #read(type: unknown, message: Record<string, unknown>): void {
    switch (type) {
      case 'message_start':
        if (isRecord(message.message)) {
          this.#start(message.message)
          // Empty in a stream, unless a gateway wraps a whole answer.
          this.#readContent(message.message)
          if (this.#blocks.hasContent) this.#blocks.isMended = true
        }
        break
      case 'content_block_start':
        this.#blocks.start(message.index, message.content_block)
        break
      case 'content_block_delta':
        this.#blocks.delta(message.index, message.delta)
        break
      case 'content_block_stop':
        this.#blocks.stop(message.index)
        break
      case 'message_delta':
        this.#usage.add(message.usage)
        if (isRecord(message.delta)) {
          this.#stop(message.delta.stop_reason)
          this.#isStop = true
          if (!this.#isPlainStop(message.delta.stop_reason)) this.#blocks.isMended = true
        }
        break
      case 'message_stop':
        this.#finish()
        break
      case 'message':
        this.#readWhole(message)
        break
      // `ping` and unknown types carry no content.
    }
  }

  /** An answer in one piece. */
  #readWhole(message: Record<string, unknown>): void {
    this.#start(message)
    this.#readContent(message)
    if (!this.#isPlainStop(message.stop_reason)) this.#blocks.isMended = true
    this.#finish()
  }

  #readContent({ content, stop_reason: reason }: Record<string, unknown>): void {
    const text = typeof content === 'string' ? [{ type: 'text', text: content }] : []
    const blocks: unknown[] = Array.isArray(content) ? content : text
    let isMended = false
    for (const [index, block] of blocks.entries()) {
      this.#blocks.start(index, block)
      isMended ||= this.#blocks.isMended
      this.#blocks.stop(index)
    }
    // That arguments come whole is right in a document.
    this.#blocks.isMended = isMended
    this.#stop(reason)
  }

  #start(message: Record<string, unknown>): void {
    // A gateway that loses its server may begin again with another, and must not once the reader has content: the two
    // answers would be mixed.
    if (this.#blocks.hasContent) throw new ChatError('malformed', 'a second answer begins within the first')
    this.#started = true
    this.#usage.add(message.usage)
    const { model, id } = message
    const hasId = typeof id === 'string' && id !== ''
    if (hasId) this.#blocks.answerId = id
    this.#emit({
      type: 'start',
      ...(typeof model === 'string' && model !== '' && { model }),
      ...(hasId && { id }),
    })
  }

  /** `pause_turn`, a long turn of the server's own tools to be sent back unchanged, is `other`. */
  #stop(received: unknown): void {
    this.#reason = readFinishReason(received) ?? this.#reason
  }

  /** Whether the reason on the wire is one of the vendor's, and the one that is given here. */
  #isPlainStop(received: unknown): boolean {
    const isCalled = this.#blocks.hasCalls && this.#reason !== 'length' && this.#reason !== 'content-filter'
    return typeof received === 'string' && STOP_REASONS.has(received) && isCalled === (received === 'tool_use')
  }

  /** Whether the answer has begun. Some servers leave out its `message_start`. */
  #hasBegun(): boolean {
    return this.#started || this.#blocks.hasContent
  }

  #finish(): void {
    if (!this.#hasBegun()) throw new ChatError('malformed', 'message_stop arrived without an answer')
    const endsEarly = this.#reason === 'length' || this.#reason === 'content-filter'
    this.#blocks.end(endsEarly)
    // A call is to be run whatever the stop reason says: some servers end every answer with end_turn.
    const isCalled = this.#reason === 'tool-calls'
    if (isCalled && !this.#blocks.hasContent) {
      throw new ChatError('malformed', 'the answer says that it calls a tool, and has no call')
    }
    const called = this.#blocks.hasCalls ? 'tool-calls' : isCalled ? 'stop' : this.#reason
    const reason = (endsEarly ? this.#reason : called) ?? 'stop'
    const usage = this.#usage.result()
    const { skipped } = this.#frames
    this.#emit({ type: 'finish', reason, ...(usage !== undefined && { usage }), ...(skipped > 0 && { skipped }) })
  }
}

/** @see https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons (2026-11-20) */
const STOP_REASONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'compaction',
  'refusal',
  'model_context_window_exceeded',
])

/** What a message is. Some servers leave it to the name of the event, and for an answer in one piece to its fields. */
function typeOf({ type, role, content }: Record<string, unknown>, event: string | undefined): unknown {
  if (type !== undefined) return type
  return role === 'assistant' && content !== undefined ? 'message' : event
}
