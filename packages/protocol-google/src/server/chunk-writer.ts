import { type AssistantPart, ChatError, type ChatEvent } from '@rivulet/core'
import { type AnswerWriter, FrameWriter, jsonEscape } from '@rivulet/core/provider'
import { DIALECT } from '../wire-part.ts'
import type { AnswerOptions } from './answer-options.ts'
import { writeError, writeFeedback } from './errors.ts'
import { OpenCalls } from './open-calls.ts'
import { sealedEvents } from './sealed-events.ts'
import { FINISH_REASONS, isCutOff, metadataOf, writePart } from './write-parts.ts'
import { writeUsage } from './write-usage.ts'

type RawFrame = Extract<ChatEvent, { type: 'raw' }>
type Finish = Extract<ChatEvent, { type: 'finish' }>
type Start = Extract<ChatEvent, { type: 'start' }>

/** A chunk up to its part, and from there to the names. */
const HEAD = '{"candidates":[{"content":{"parts":['
const TAIL = '],"role":"model"},"index":0}]'
const SIGNED = /"thought(?:S|_s)ignature"/

/**
 * Writes the chunks of one answer as events; an event of text costs its escaping. Frames of an endpoint of this dialect are
 * passed on.
 */
export class ChunkWriter implements AnswerWriter {
  readonly contentType = 'text/event-stream'
  readonly #options: AnswerOptions
  readonly #frames: FrameWriter
  readonly #calls = new OpenCalls()
  #start: Start | undefined
  /** What follows the candidates in each chunk. */
  #about = ''
  #hasContent = false
  #hasEnded = false
  #hasResumed = false
  /** Whether the events that come now are those of a frame of this dialect. */
  #isFramed = false
  /** The answer began with such a frame, whose model all chunks name. */
  #isNative = false
  /** The id of a call in such a frame, of which no arguments have come. */
  #bareCall: string | undefined

  constructor(options: AnswerOptions) {
    this.#options = options
    const seal = sealedEvents(options.seal)
    this.#frames = new FrameWriter({
      dialect: DIALECT,
      event: (event) => this.#event(seal(event)),
      frame: ({ data }) => chunk(data.trim().replaceAll(/[\r\n]+/g, ' ')),
      // Every chunk may be the last one.
      closes: () => true,
      wantsUsage: true,
    })
  }

  write(events: readonly ChatEvent[]): string {
    let written = ''
    for (const event of events) {
      if (this.#hasEnded) break
      written += this.#settled(event) + this.#frames.write([event.type === 'raw' ? this.#labelled(event) : event])
    }
    return written
  }

  /** An empty event: a comment makes Gemini CLI 0.61.0 (tried on 2026-11-28) wait for ever, whatever follows it. */
  ping(): string {
    return this.#hasEnded ? '' : '\n\n'
  }

  fail(error: unknown): string {
    if (this.#hasEnded) return ''
    const released = this.#frames.release()
    this.#hasEnded = true
    const feedback = this.#hasContent ? undefined : writeFeedback(error)
    return released + chunk(feedback ?? writeError(error).body)
  }

  /** A frame has its calls whole: one without arguments is whole with the next event, and belongs to its own frame. */
  #settled(event: ChatEvent): string {
    const bare = this.#bareCall
    this.#bareCall = event.type === 'tool-call' && this.#isFramed ? event.id : undefined
    if (event.type === 'raw') this.#isFramed = event.dialect === DIALECT
    if (event.type === 'restart' || event.type === 'resume') this.#isFramed = false
    if (event.type === 'resume') this.#hasResumed = true
    if (bare === undefined || (event.type === 'tool-input' && event.id === bare)) return ''
    return this.#frames.write([{ type: 'tool-input', id: bare, text: '{}' }])
  }

  /** A frame is written from its events after a break, because its id is another answer's, and when it has a signature to seal. */
  #labelled(frame: RawFrame): RawFrame {
    if (frame.dialect === DIALECT && this.#about === '') this.#isNative = true
    // Heartbeats in data are no chunks: a client would parse them.
    const isMended = this.#hasResumed || !frame.data.includes('{') || (this.#options.seal && SIGNED.test(frame.data))
    return isMended ? { ...frame, label: 'mended' } : frame
  }

  #event(event: ChatEvent): string {
    switch (event.type) {
      case 'text':
        if (event.signature !== undefined) return this.#part(event)
        return this.#content(`${HEAD}{"text":"${jsonEscape(event.text)}"}${TAIL}${this.#names()}`)
      case 'reasoning':
      case 'native':
        return this.#part(event)
      case 'tool-call':
        this.#calls.begin(event)
        return ''
      case 'tool-input':
        this.#calls.add(event)
        return this.#parts(this.#calls.takeWhole())
      case 'start':
        // A second start continues or restarts the answer: on the wire it is one answer.
        this.#start ??= event
        return ''
      case 'restart':
        this.#restart(event)
        return ''
      case 'finish':
        return this.#finish(event)
      case 'resume':
      case 'raw':
        return ''
    }
  }

  #restart({ from, reason, message: words }: Extract<ChatEvent, { type: 'restart' }>): void {
    this.#calls.clear()
    if (!this.#hasContent) return
    const message = `${from} failed (${words}) and the answer restarts, but part of it was already sent`
    throw new ChatError(reason, message, { provider: from })
  }

  #parts(parts: readonly AssistantPart[]): string {
    return parts.map((part) => this.#part(part)).join('')
  }

  #part(part: AssistantPart): string {
    const metadata = metadataOf(part)
    if (metadata !== undefined) {
      return this.#content(`{"candidates":[${JSON.stringify({ ...metadata, index: 0 })}]${this.#names()}`)
    }
    const json = writePart(part, this.#options.includeThoughts)
    return json === undefined ? '' : this.#content(HEAD + json + TAIL + this.#names())
  }

  #finish({ reason, usage }: Finish): string {
    const calls = this.#parts(this.#calls.takeAll().filter((call) => !isCutOff(call, reason)))
    this.#hasEnded = true
    const ended = `],"role":"model"},"finishReason":"${FINISH_REASONS[reason]}","index":0}]`
    const counted = usage === undefined ? '' : `,"usageMetadata":${JSON.stringify(writeUsage(usage))}`
    return calls + chunk(`${HEAD}{"text":""}${ended}${counted}${this.#names()}`)
  }

  #names(): string {
    if (this.#about === '') {
      const { id, model } = this.#options
      const own = {
        modelVersion: this.#isNative ? (this.#start?.model ?? model) : model,
        responseId: this.#start?.id ?? id,
      }
      this.#about = `,${JSON.stringify(own).slice(1)}`
    }
    return this.#about
  }

  #content(json: string): string {
    this.#hasContent = true
    return chunk(json)
  }
}

const chunk = (json: string): string => `data: ${json}\n\n`
