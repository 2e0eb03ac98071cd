import { ChatError, type ChatEvent, type ErrorCode } from '@rivulet/core'
import { type AnswerWriter, FrameWriter, isRecord } from '@rivulet/core/provider'
import { wireError, writeError } from '../../server/errors.ts'
import { DIALECT } from '../dialect.ts'
import { EventWriter, type EventWriterOptions } from './event-writer.ts'
import { sealed } from './seal-frame.ts'

type RawFrame = Extract<ChatEvent, { type: 'raw' }>

/**
 * The codes of failures that asking again does not mend. Codex 0.171.0 asks again, five times, after a `response.failed` with any
 * code that it does not know as final (measured on 2026-11-28): these are.
 */
const FINAL: Readonly<Partial<Record<ErrorCode, string>>> = {
  auth: 'invalid_prompt',
  'bad-request': 'invalid_prompt',
  unsupported: 'invalid_prompt',
  'content-filter': 'content_policy_violation',
}

const ENDS = ['response.completed', 'response.incomplete']

/** Writes an answer as events. */
export class StreamWriter implements AnswerWriter {
  readonly contentType = 'text/event-stream; charset=utf-8'
  readonly #options: EventWriterOptions
  readonly #events: EventWriter
  readonly #frames: FrameWriter
  /** Frames have been passed on: the response is the endpoint's. */
  #isPassed = false
  /** The response is ours, and frames of another one are not passed on. */
  #isOwn = false

  constructor(options: EventWriterOptions) {
    this.#options = options
    this.#events = new EventWriter(options)
    this.#frames = new FrameWriter({
      dialect: DIALECT,
      event: (event) => this.#event(event),
      frame: (frame) => this.#pass(frame),
      // Clients show an item when it ends: an end that leaves one open is written anew, with the item's own before it.
      closes: (frame) => this.#isPassed && ENDS.includes(typeOf(frame)) && this.#events.allPassedEnded,
      wantsUsage: true,
    })
  }

  write(events: readonly ChatEvent[]): string {
    return events.map((event) => (event.type === 'raw' ? this.#raw(event) : this.#frames.write([event]))).join('')
  }

  /** Clients count events, and not comments, as signs of life. */
  ping(): string {
    if (this.#isPassed) return ': ping\n\n'
    this.#isOwn = true
    const begun = this.#events.begin()
    if (begun !== '') return begun
    return `event: keepalive\ndata: {"type":"keepalive","sequence_number":${this.#events.sequence++}}\n\n`
  }

  fail(error: unknown): string {
    const { message, code, type } = wireError(error)
    const final = error instanceof ChatError ? FINAL[error.code] : undefined
    return (
      this.#frames.release() +
      this.#events.ending({ status: 'failed', error: { code: final ?? code ?? type, message, type } })
    )
  }

  #raw(frame: RawFrame): string {
    if (this.#isOwn || frame.dialect !== DIALECT) return ''
    const number = /"sequence_number":\s*(\d{1,15})/.exec(frame.data)?.[1]
    if (number !== undefined) this.#events.sequence = Number(number)
    // The frames of a response pass from its first one on: without that, a client can't read them.
    const passes = frame.label !== 'as-is' || this.#isPassed || typeOf(frame) === 'response.created'
    return this.#frames.write([passes ? frame : { ...frame, label: 'mended' }])
  }

  #event(event: ChatEvent): string {
    if (event.type === 'resume' && this.#isPassed) {
      throw new ChatError(event.reason, `${event.from} failed (${event.message}), and its response cannot go on`, {
        provider: event.from,
      })
    }
    const written = this.#events.write(event)
    if (!this.#isPassed && written !== '') this.#isOwn = true
    // Another endpoint begins again: its response has another id.
    if (event.type === 'restart') this.#isOwn = this.#events.hasBegun
    return written
  }

  /** Passes a frame on. What begins and ends is read, so that events can be written after it. */
  #pass(frame: RawFrame): string {
    this.#isPassed = true
    this.#events.hasBegun = true
    const { author } = this.#events
    const data = author === undefined ? frame.data : sealed(frame.data, author)
    const type = typeOf(frame)
    if (type === 'response.created') this.#adopt(data)
    else if (type === 'response.output_item.added' || type === 'response.output_item.done') {
      const { item, output_index: index } = recordOf(data)
      const json = type.endsWith('done') ? JSON.stringify(item) : undefined
      if (isRecord(item) && typeof index === 'number') this.#events.pass(item, index, json)
    }
    const name = frame.event === undefined ? '' : `event: ${frame.event}\n`
    return `${name}data: ${data.replaceAll('\n', '\ndata: ')}\n\n`
  }

  #adopt(data: string): void {
    const { response } = recordOf(data)
    if (!isRecord(response)) return
    const { response: own } = this.#options
    if (typeof response.id === 'string') own.id = response.id
    if (typeof response.model === 'string') own.model = response.model
    if (typeof response.created_at === 'number') own.created = response.created_at
  }
}

/** Writes an answer in one piece. */
export class DocumentWriter implements AnswerWriter {
  readonly contentType = 'application/json'
  readonly #options: EventWriterOptions
  #events: EventWriter
  /** The answer of an endpoint of this dialect, as it came. */
  #document: string | undefined
  /** The answer has parts of several endpoints. */
  #isJoined = false

  constructor(options: EventWriterOptions) {
    this.#options = options
    this.#events = new EventWriter(options)
  }

  write(events: readonly ChatEvent[]): string {
    for (const event of events) {
      if (event.type === 'finish') return this.#whole(event)
      if (event.type === 'raw') this.#document = documentIn(event)
      else if (event.type === 'restart') {
        this.#events = new EventWriter(this.#options)
        this.#isJoined = false
        this.#document = undefined
      } else {
        this.#isJoined ||= event.type === 'resume'
        this.#events.write(event)
      }
    }
    return ''
  }

  ping(): string {
    return ''
  }

  fail(error: unknown): string {
    return writeError(error).body
  }

  #whole(event: Extract<ChatEvent, { type: 'finish' }>): string {
    this.#events.write(event)
    if (this.#document === undefined || this.#isJoined) return this.#events.document(event)
    const { author } = this.#events
    return author === undefined ? this.#document : sealed(this.#document, author)
  }
}

function documentIn({ dialect, label, event, data }: RawFrame): string | undefined {
  const isWhole = dialect === DIALECT && label === 'end' && event === undefined && recordOf(data).object === 'response'
  return isWhole ? data : undefined
}

/** The type of a frame: its name, or what its data says first. */
const typeOf = ({ event, data }: RawFrame): string => event ?? /"type"\s*:\s*"([\w.]+)"/.exec(data)?.[1] ?? ''

/** Parsed data, which the decoder has read before. */
function recordOf(data: string): Record<string, unknown> {
  const value: unknown = JSON.parse(data)
  return isRecord(value) ? value : {}
}
