import { ChatError, type ChatEvent } from '@rivulet/core'
import { type AnswerWriter, FrameWriter, isRecord } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { DeltaWriter } from './delta-writer.ts'
import { writeError } from './errors.ts'
import { fieldsOf, sealedData } from './sealed-frames.ts'
import { type AnswerOptions, WireAnswer, type WireMessage } from './wire-answer.ts'

type RawFrame = Extract<ChatEvent, { type: 'raw' }>

/**
 * Writes an answer as an event stream, out of its events or of the frames of an endpoint of this dialect. Blocks are counted:
 * while frames pass the count is the endpoint's. Once anything was written from events it is ours, and no frame passes any more.
 */
export class StreamWriter implements AnswerWriter {
  readonly contentType = 'text/event-stream'
  readonly #options: AnswerOptions
  readonly #answer: WireAnswer
  readonly #deltas = new DeltaWriter()
  readonly #frames: FrameWriter
  /** Whether the events that come now belong to a frame that passes. */
  #isPassing = false
  #isOurCount = false

  constructor(options: AnswerOptions) {
    this.#options = options
    this.#answer = new WireAnswer(options)
    this.#frames = new FrameWriter({
      dialect: DIALECT,
      event: (event) => this.#event(event),
      frame: (frame) => this.#frame(frame),
      closes: ({ event }) => event === 'message_stop',
      // It comes with the reason to stop.
      wantsUsage: true,
    })
  }

  write(events: readonly ChatEvent[]): string {
    let out = ''
    // One by one: whether a frame passes depends on what was written before.
    for (const event of events) out += this.#frames.write([event.type === 'raw' ? this.#labelled(event) : event])
    return out
  }

  /** The vendor's own, which clients take before the message has started too. */
  ping(): string {
    return asEvent('ping', '{"type":"ping"}')
  }

  fail(error: unknown): string {
    const held = this.#frames.release() + this.#answer.release().map(written).join('')
    return held + asEvent('error', JSON.stringify(writeError(error).body))
  }

  /** A frame that can't pass has its events written, and so have all that follow: what they continue may have been in it. */
  #labelled(frame: RawFrame): RawFrame {
    const isMended = frame.dialect !== DIALECT || frame.label === 'mended' || frame.event === undefined
    // Heartbeats in data continue nothing.
    if (isMended && frame.data.includes('{')) this.#isOurCount = true
    this.#isPassing = !isMended && !this.#isOurCount && frame.label === 'as-is'
    return isMended || this.#isOurCount ? { ...frame, label: 'mended' } : frame
  }

  #frame(frame: RawFrame): string {
    const { event = '', data } = frame
    // After a restart the client has one already.
    if (event === 'message_start' && this.#answer.hasStarted) return ''
    if (event === 'content_block_start') {
      const { index, content_block: block } = fieldsOf(data)
      this.#answer.passStart(Number(index), isRecord(block) ? block : {})
    } else if (event === 'content_block_stop') this.#answer.passStop(Number(fieldsOf(data).index))
    else if (data.includes('"citations_delta"')) this.#answer.passCitation()
    return asEvent(event, this.#options.seal ? sealedData(data, (value) => this.#answer.sealed(value)) : data)
  }

  #event(event: ChatEvent): string {
    if (event.type === 'restart') {
      if (this.#answer.hasContent) throw restarted(event)
      this.#isPassing = false
    } else if (event.type === 'resume') this.#isOurCount = true
    if (this.#isPassing) {
      this.#answer.passEvent(event)
      return ''
    }
    const delta = this.#answer.takeDelta(event)
    if (delta !== undefined) return this.#deltas.write(delta)
    const before = this.#answer.blocks
    const messages = this.#answer.messagesOf(event)
    if (this.#answer.blocks > before) this.#isOurCount = true
    return messages.map(written).join('')
  }
}

const written = (message: WireMessage): string => asEvent(message.type, JSON.stringify(message))

/** A frame as an event; data of several lines has one field for each. */
const asEvent = (name: string, data: string): string =>
  `event: ${name}\ndata: ${data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data}\n\n`

/** What was sent can't be taken back. */
function restarted({ from, reason, message }: Extract<ChatEvent, { type: 'restart' }>): ChatError {
  const words = `${from} failed (${message}) and the answer restarts, but part of it was already sent`
  return new ChatError(reason, words, { provider: from })
}
