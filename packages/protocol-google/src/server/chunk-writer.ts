import { type AssistantPart, ChatError, type ChatEvent } from '@rivulet/core'
import { type AnswerWriter, isContent, jsonEscape } from '@rivulet/core/provider'
import { DIALECT } from '../wire-part.ts'
import type { AnswerOptions } from './answer-options.ts'
import { writeError } from './errors.ts'
import { HeldEnd } from './held-end.ts'
import { OpenCalls } from './open-calls.ts'
import { FINISH_REASONS, metadataOf, type PartOptions, writePart } from './write-parts.ts'
import { writeUsage } from './write-usage.ts'

type RawFrame = Extract<ChatEvent, { type: 'raw' }>
type Finish = Extract<ChatEvent, { type: 'finish' }>
type Start = Extract<ChatEvent, { type: 'start' }>

/** How the chunks of a stream follow each other. */
export interface Envelope {
  contentType: string
  chunk(json: string, isFirst: boolean): string
  end: string
  ping: string
}

export const EVENTS: Envelope = {
  contentType: 'text/event-stream',
  chunk: (json) => `data: ${json}\n\n`,
  end: '',
  ping: ': ping\n\n',
}

/** One list, which comes in pieces: white space between them means nothing. */
export const LIST: Envelope = {
  contentType: 'application/json',
  chunk: (json, isFirst) => (isFirst ? `[${json}` : `,\r\n${json}`),
  end: ']',
  ping: '\n',
}

/**
 * Writes the chunks of one answer; an event of text costs its escaping. Frames of an endpoint of this dialect are passed on, as
 * far as their labels allow it; the state is that of the events in any case.
 */
export class ChunkWriter implements AnswerWriter {
  readonly contentType: string
  readonly #options: AnswerOptions
  readonly #envelope: Envelope
  readonly #calls = new OpenCalls()
  readonly #held = new HeldEnd()
  #start: Start | undefined
  /** What follows the candidates in each chunk. */
  #about = ''
  #isFirst = true
  /** The client has content, which can't be taken back. */
  #hasContent = false
  #hasEnded = false
  /** Frames are passed on. Not after a break: the id and the end of another answer would follow. */
  #passes = true
  /** The answer began with a frame of this dialect, whose model all chunks name. */
  #isNative = false

  constructor(options: AnswerOptions, envelope: Envelope) {
    this.#options = options
    this.#envelope = envelope
    this.contentType = envelope.contentType
  }

  write(events: readonly ChatEvent[]): string {
    let written = ''
    for (let at = 0; at < events.length && !this.#hasEnded;) {
      const first = events[at]
      const from = first?.type === 'raw' ? at + 1 : at
      let to = from
      while (to < events.length && events[to]?.type !== 'raw') to++
      const group = events.slice(from, to)
      written += first?.type === 'raw' ? this.#frame(first, group) : this.#events(group)
      at = to
    }
    return written
  }

  ping(): string {
    return this.#hasEnded ? '' : this.#envelope.ping
  }

  fail(error: unknown): string {
    if (this.#hasEnded) return ''
    const released = this.#release()
    this.#hasEnded = true
    return released + this.#chunk(writeError(error).body) + this.#envelope.end
  }

  /** A frame, and the events that were read out of it. */
  #frame(frame: RawFrame, group: readonly ChatEvent[]): string {
    if (frame.dialect === DIALECT && this.#about === '') this.#isNative = true
    if (!this.#canPass(frame, group)) return this.#events(group)
    const finish = group.find((event) => event.type === 'finish')
    const events = group.filter((event) => event !== finish)
    for (const event of events) if (event.type === 'start') this.#start ??= event
    const json = frame.data.trim().replaceAll(/[\r\n]+/g, ' ')
    let passed = ''
    const hasContent = events.some(isContent)
    if (frame.label === 'end' || !(this.#held.isEmpty || hasContent)) this.#held.add(json, events)
    else passed = this.#release() + (hasContent ? this.#content(json) : this.#chunk(json))
    return finish === undefined ? passed : passed + this.#finish(finish)
  }

  #canPass({ dialect, label }: RawFrame, group: readonly ChatEvent[]): boolean {
    if (dialect !== DIALECT || label === 'mended' || !this.#passes) return false
    // A break has to be written, and a signature to be sealed.
    return !group.some(
      (event) => event.type === 'restart' || event.type === 'resume' || (this.#options.seal && isProved(event)),
    )
  }

  #events(events: readonly ChatEvent[]): string {
    let written = ''
    for (const event of events) {
      if (isContent(event)) written += this.#release()
      written += this.#event(event)
    }
    return written
  }

  /** Content follows a frame that was to be the end. */
  #release(): string {
    return this.#held
      .release()
      .map((event) => this.#event(event))
      .join('')
  }

  #event(event: ChatEvent): string {
    switch (event.type) {
      case 'text':
        if (event.signature !== undefined) return this.#whole() + this.#part(event)
        return this.#whole() + this.#content(`${HEAD}{"text":"${jsonEscape(event.text)}"}${this.#tail()}`)
      case 'reasoning':
      case 'native':
        return this.#whole() + this.#part(event)
      case 'tool-call': {
        const whole = this.#whole()
        this.#calls.begin(event)
        return whole
      }
      case 'tool-input':
        this.#calls.add(event)
        return ''
      case 'start':
        // A second start continues or restarts the answer: on the wire it is one answer.
        this.#start ??= event
        return ''
      case 'restart':
      case 'resume':
        return this.#break(event)
      case 'finish':
        return this.#finish(event)
      case 'raw':
        return ''
    }
  }

  #break(event: Extract<ChatEvent, { type: 'restart' | 'resume' }>): string {
    const released = event.type === 'resume' ? this.#release() : ''
    this.#passes = false
    this.#held.clear()
    if (event.type === 'resume') return released
    this.#calls.clear()
    if (!this.#hasContent) return ''
    const message = `${event.from} failed (${event.message}) and the answer restarts, but part of it was already sent`
    throw new ChatError(event.reason, message, { provider: event.from })
  }

  #whole(): string {
    return this.#calls
      .takeWhole()
      .map((call) => this.#part(call))
      .join('')
  }

  #part(part: AssistantPart): string {
    const metadata = metadataOf(part)
    if (metadata !== undefined) {
      return this.#content(`{"candidates":[${JSON.stringify({ ...metadata, index: 0 })}]${this.#names()}`)
    }
    const json = writePart(part, this.#partOptions())
    return json === undefined ? '' : this.#content(HEAD + json + this.#tail())
  }

  #partOptions(): PartOptions {
    const { seal, includeThoughts } = this.#options
    const { provider = '', model = '' } = this.#start ?? {}
    return { author: seal ? { provider, model } : undefined, includeThoughts }
  }

  #finish({ reason, usage }: Finish): string {
    const frames = this.#held.take()
    const calls = this.#calls.takeAll().map((call) => this.#part(call))
    this.#hasEnded = true
    if (frames.length > 0) return frames.map((json) => this.#chunk(json)).join('') + this.#envelope.end
    const ended = `],"role":"model"},"finishReason":"${FINISH_REASONS[reason]}","index":0}]`
    const counted = usage === undefined ? '' : `,"usageMetadata":${JSON.stringify(writeUsage(usage))}`
    const last = `${HEAD}{"text":""}${ended}${counted}${this.#names()}`
    return calls.join('') + this.#chunk(last) + this.#envelope.end
  }

  #tail(): string {
    return TAIL + this.#names()
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
    return this.#chunk(json)
  }

  #chunk(json: string): string {
    const isFirst = this.#isFirst
    this.#isFirst = false
    return this.#envelope.chunk(json, isFirst)
  }
}

/** A chunk up to its part, and from there to the names. */
const HEAD = '{"candidates":[{"content":{"parts":['
const TAIL = '],"role":"model"},"index":0}]'

/** Whether an event has what only its author understands. */
export function isProved(event: ChatEvent): boolean {
  if (event.type === 'native') return typeof event.value.thoughtSignature === 'string'
  return (
    ('signature' in event && event.signature !== undefined) ||
    (event.type === 'reasoning' && event.sealed !== undefined)
  )
}
