import { type ChatEvent, ChatError } from '@rivulet/core'
import { type AnswerWriter, isContent, jsonEscape } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { AnswerOptions } from './answer-options.ts'
import { callFields } from './call-fields.ts'
import { writeError } from './errors.ts'
import { writeFinishReason } from './finish-reason.ts'
import { HeldEnd } from './held-end.ts'
import { reasoningFields, type Sealing } from './reasoning-fields.ts'
import { writeUsage } from './usage.ts'

type RawFrame = Extract<ChatEvent, { type: 'raw' }>
type Finish = Extract<ChatEvent, { type: 'finish' }>
type Start = Extract<ChatEvent, { type: 'start' }>

const END = 'data: [DONE]\n\n'

/**
 * Writes the chunks of one answer. What all of them share is written once; an event costs the escaping of its text. Frames of
 * an endpoint of this dialect are passed on, as far as their labels allow it; the state is that of the events in any case.
 */
export class ChunkWriter implements AnswerWriter {
  readonly contentType = 'text/event-stream; charset=utf-8'
  readonly #options: AnswerOptions
  #start: Start | undefined
  /** The chunk up to its delta. */
  #head = ''
  /** The chunk of a delta of text alone, up to the text and from it on: quotes included. */
  #textHead = ''
  #tail = ''
  #textTail = ''
  /** The client has the role. */
  #hasBegun = false
  #hasContent = false
  #hasEnded = false
  readonly #calls = new Map<string, { index: number; isText: boolean }>()
  /** Frames are passed on. Not after a break: the ids and the end of another answer would follow. */
  #passes = true
  #hasPassed = false
  #hasUsage = false
  readonly #held = new HeldEnd()

  constructor(options: AnswerOptions) {
    this.#options = options
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
    return ': ping\n\n'
  }

  fail(error: unknown): string {
    this.#hasEnded = true
    return `data: ${writeError(error).body}\n\n`
  }

  /** A frame, and the events that were read out of it. */
  #frame(frame: RawFrame, group: readonly ChatEvent[]): string {
    const finish = group.find((event) => event.type === 'finish')
    const events = group.filter((event) => event !== finish)
    if (frame.dialect !== DIALECT || !this.#passes || !this.#canPass(frame, events)) return this.#events(group)
    this.#hasPassed = true
    for (const event of events) this.#track(event)
    if (frame.label === 'usage') {
      if (!this.#options.includeUsage) return ''
      this.#hasUsage = true
    }
    const bytes = frameBytes(frame)
    let passed = ''
    if (frame.label === 'end' || !this.#held.isEmpty) this.#held.add(bytes, frame)
    else {
      this.#hasBegun = true
      passed = bytes
    }
    return finish === undefined ? passed : passed + this.#finish(finish)
  }

  #canPass({ label }: RawFrame, events: readonly ChatEvent[]): boolean {
    if (label === 'mended') return false
    if (!events.some((event) => isContent(event) || event.type === 'tool-input')) return true
    // A break has to be written, a signature to be sealed, and content does not wait for the end.
    const isChanged = events.some(
      (event) => event.type === 'restart' || event.type === 'resume' || (this.#options.seal && isProved(event)),
    )
    if (isChanged || label === 'end') return false
    this.#held.clear()
    return true
  }

  #events(events: readonly ChatEvent[]): string {
    let written = ''
    for (const event of events) {
      if (isContent(event)) this.#held.clear()
      written += event.type === 'finish' ? this.#finish(event) : this.#event(event)
    }
    return written
  }

  #event(event: Exclude<ChatEvent, Finish>): string {
    const isFirst = event.type === 'start' && this.#start === undefined
    this.#track(event)
    switch (event.type) {
      case 'text':
        return this.#begun() + this.#textHead + jsonEscape(event.text) + this.#textTail
      case 'start':
        // A second start continues or restarts the answer: on the wire it is one answer.
        return isFirst ? this.#begun() : ''
      case 'reasoning':
        return this.#delta(reasoningDelta(event, this.#author))
      case 'tool-call': {
        const { id, name, format } = event
        const index = this.#calls.get(id)?.index
        return this.#delta(JSON.stringify({ tool_calls: [{ index, ...callFields({ id, name, format, input: '' }) }] }))
      }
      case 'tool-input': {
        const { index = 0, isText = false } = this.#calls.get(event.id) ?? {}
        const field = isText ? '"custom":{"input"' : '"function":{"arguments"'
        return this.#delta(`{"tool_calls":[{"index":${index},${field}:"${jsonEscape(event.text)}"}}]}`)
      }
      case 'native':
        return event.dialect === DIALECT ? this.#delta(JSON.stringify(event.value)) : ''
      case 'restart':
      case 'resume':
      case 'raw':
        return ''
    }
  }

  /** What an event says of the answer, whether or not it is written. */
  #track(event: ChatEvent): void {
    if (isContent(event)) this.#hasContent = true
    if (event.type === 'start') this.#start ??= event
    else if (event.type === 'tool-call') {
      this.#calls.set(event.id, { index: this.#calls.size, isText: event.format === 'text' })
    } else if (event.type === 'resume' || event.type === 'restart') {
      this.#passes = false
      this.#held.clear()
      if (event.type === 'resume' || !this.#hasContent) return
      const message = `${event.from} failed (${event.message}) and the answer restarts, but part of it was already sent`
      throw new ChatError(event.reason, message, { provider: event.from })
    }
  }

  get #author(): Sealing {
    const { provider = '', model = '' } = this.#start ?? {}
    return this.#options.seal ? { provider, model } : undefined
  }

  #begun(): string {
    if (this.#head === '') this.#writeHead()
    if (this.#hasBegun) return ''
    this.#hasBegun = true
    return `${this.#head}{"role":"assistant","content":""}${this.#tail}`
  }

  #writeHead(): void {
    const { id, created, model, includeUsage } = this.#options
    // Chunks between frames that were passed on have the id and the model of those.
    const own = { id: this.#start?.id ?? id, model: this.#hasPassed ? (this.#start?.model ?? model) : model }
    const about = { id: own.id, object: 'chat.completion.chunk', created, model: own.model }
    this.#head = `data: ${JSON.stringify(about).slice(0, -1)},"choices":[{"index":0,"delta":`
    this.#tail = `,"finish_reason":null}]${includeUsage ? ',"usage":null' : ''}}\n\n`
    this.#textHead = `${this.#head}{"content":"`
    this.#textTail = `"}${this.#tail}`
  }

  #delta(delta: string): string {
    return this.#begun() + this.#head + delta + this.#tail
  }

  #finish({ reason, usage }: Finish): string {
    this.#hasEnded = true
    const isWanted = this.#options.includeUsage && usage !== undefined
    const held = this.#held.take()
    if (held !== undefined) {
      if (this.#head === '') this.#writeHead()
      return held + (isWanted && !this.#hasUsage ? this.#usageChunk(writeUsage(usage)) : '') + END
    }
    const begun = this.#begun()
    const reasoned = this.#tail.replace('"finish_reason":null', `"finish_reason":"${writeFinishReason(reason)}"`)
    return `${begun}${this.#head}{}${reasoned}${isWanted ? this.#usageChunk(writeUsage(usage)) : ''}${END}`
  }

  /** The usage has a chunk of its own, without choices. */
  #usageChunk(usage: object): string {
    const about = this.#head.slice(0, this.#head.lastIndexOf('[{"index":0,"delta":'))
    return `${about}[],"usage":${JSON.stringify(usage)}}\n\n`
  }
}

const frameBytes = ({ event, data }: RawFrame): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${data.replaceAll(/\r\n?|\n/g, '\ndata: ')}\n\n`

const isProved = (event: ChatEvent): boolean =>
  event.type === 'reasoning' && (event.signature !== undefined || event.sealed !== undefined)

/** A thought of text alone, as most are, is not worth an object. */
function reasoningDelta(event: Extract<ChatEvent, { type: 'reasoning' }>, author: Sealing): string {
  if (isProved(event)) return JSON.stringify(reasoningFields(event, author))
  return event.text === '' ? '{}' : `{"reasoning_content":"${jsonEscape(event.text)}"}`
}
