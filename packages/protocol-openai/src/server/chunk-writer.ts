import { type ChatEvent, ChatError } from '@rivulet/core'
import { type AnswerWriter, FrameWriter, isContent, jsonEscape } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { AnswerOptions } from './answer-options.ts'
import { callFields } from './call-fields.ts'
import { writeError } from './errors.ts'
import { writeFinishReason } from './finish-reason.ts'
import { passedFrames } from './passed-frames.ts'
import { reasoningFields } from './reasoning-fields.ts'
import { sealedEvents } from './sealed-events.ts'
import { writeUsage } from './usage.ts'

type Start = Extract<ChatEvent, { type: 'start' }>
type Finish = Extract<ChatEvent, { type: 'finish' }>

const END = '[DONE]'
const NONE: readonly ChatEvent[] = []

/** Writes the chunks of one answer. What all of them share is written once; an event costs the escaping of its text. */
export class ChunkWriter implements AnswerWriter {
  readonly contentType = 'text/event-stream; charset=utf-8'
  readonly #options: AnswerOptions
  readonly #frames: FrameWriter
  #start: Start | undefined
  /** The chunk up to its delta. */
  #head = ''
  /** The chunk of a delta of text alone, up to the text and from it on: quotes included. */
  #textHead = ''
  #tail = ''
  #textTail = ''
  #hasContent = false
  readonly #calls = new Map<string, { index: number; isText: boolean }>()
  /** Frames are passed on. Not after a break: the ids and the end of another answer would follow. */
  #passes = true
  #hasFrames = false
  /** A frame whose events have not come. */
  #waiting: readonly ChatEvent[] = NONE

  constructor(options: AnswerOptions) {
    this.#options = options
    const seal = sealedEvents(options.seal)
    this.#frames = new FrameWriter({
      dialect: DIALECT,
      event: (event) => this.#event(seal(event)),
      frame: frameBytes,
      closes: ({ data }) => data.trim() === END,
      wantsUsage: options.includeUsage,
    })
  }

  write(events: readonly ChatEvent[]): string {
    this.#passes &&= this.#hasFrames || isNamed(events)
    const passed = passedFrames(this.#withFrames(events), this.#passes, this.#options.seal)
    this.#hasFrames ||= passed.some((event) => event.type === 'raw' && event.dialect === DIALECT)
    return this.#frames.write(passed)
  }

  /** The events, each with its frame: whether one can pass is known by its events, which may come with the next call. */
  #withFrames(events: readonly ChatEvent[]): readonly ChatEvent[] {
    if (!this.#options.seal) return events
    const all = this.#waiting.length === 0 ? events : [...this.#waiting, ...events]
    this.#waiting = all.at(-1)?.type === 'raw' ? all.slice(-1) : NONE
    return this.#waiting.length === 0 ? all : all.slice(0, -1)
  }

  ping(): string {
    return ': ping\n\n'
  }

  fail(error: unknown): string {
    return `${this.#frames.release()}data: ${writeError(error).body}\n\n`
  }

  #event(event: ChatEvent): string {
    if (isContent(event)) this.#hasContent = true
    switch (event.type) {
      case 'text':
        return this.#begun() + this.#textHead + jsonEscape(event.text) + this.#textTail
      case 'start':
        // A second start continues or restarts the answer: on the wire it is one answer.
        this.#start ??= event
        return this.#begun()
      case 'reasoning':
        return this.#delta(reasoningDelta(event))
      case 'tool-call': {
        const { id, format } = event
        const index = this.#calls.size
        this.#calls.set(id, { index, isText: format === 'text' })
        const fields = callFields({ ...event, input: '' })
        return this.#delta(JSON.stringify({ tool_calls: [{ index, ...fields }] }))
      }
      case 'tool-input': {
        const { index = 0, isText = false } = this.#calls.get(event.id) ?? {}
        const field = isText ? '"custom":{"input"' : '"function":{"arguments"'
        return this.#delta(`{"tool_calls":[{"index":${index},${field}:"${jsonEscape(event.text)}"}}]}`)
      }
      case 'native':
        return event.dialect === DIALECT ? this.#delta(JSON.stringify(event.value)) : ''
      case 'finish':
        return this.#finish(event)
      case 'restart': {
        this.#passes = false
        if (!this.#hasContent) return ''
        const message = `${event.from} failed (${event.message}) and the answer restarts, but part of it was already sent`
        throw new ChatError(event.reason, message, { provider: event.from })
      }
      case 'resume':
        this.#passes = false
        return ''
      case 'raw':
        return ''
    }
  }

  /** The first chunk, which has the role; `''` when there was one. */
  #begun(): string {
    if (this.#head !== '') return ''
    const { id, created, model, includeUsage } = this.#options
    // Chunks between frames that are passed on have the model of those.
    const named = this.#hasFrames ? (this.#start?.model ?? model) : model
    const about = { id: this.#start?.id ?? id, object: 'chat.completion.chunk', created, model: named }
    this.#head = `data: ${JSON.stringify(about).slice(0, -1)},"choices":[{"index":0,"delta":`
    this.#tail = `,"finish_reason":null}]${includeUsage ? ',"usage":null' : ''}}\n\n`
    this.#textHead = `${this.#head}{"content":"`
    this.#textTail = `"}${this.#tail}`
    return `${this.#head}{"role":"assistant","content":""}${this.#tail}`
  }

  #delta(delta: string): string {
    return this.#begun() + this.#head + delta + this.#tail
  }

  #finish({ reason, usage }: Finish): string {
    const begun = this.#begun()
    const reasoned = this.#tail.replace('"finish_reason":null', `"finish_reason":"${writeFinishReason(reason)}"`)
    const counted = this.#options.includeUsage && usage !== undefined ? this.#usageChunk(writeUsage(usage)) : ''
    return `${begun}${this.#head}{}${reasoned}${counted}data: ${END}\n\n`
  }

  /** The usage has a chunk of its own, without choices. */
  #usageChunk(usage: object): string {
    const about = this.#head.slice(0, this.#head.lastIndexOf('[{"index":0,"delta":'))
    return `${about}[],"usage":${JSON.stringify(usage)}}\n\n`
  }
}

/** Whether the first chunk has what all chunks of an answer share: one without can't be passed on. */
function isNamed(events: readonly ChatEvent[]): boolean {
  const first = events.find((event) => event.type === 'raw' && event.data.includes('"choices"'))
  if (first?.type !== 'raw') return true
  return [/"id"\s*:\s*"/, /"created"\s*:\s*\d/, /"model"\s*:\s*"/].every((name) => name.test(first.data))
}

const frameBytes = ({ event, data }: Extract<ChatEvent, { type: 'raw' }>): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${data.replaceAll(/\r\n?|\n/g, '\ndata: ')}\n\n`

/** A thought of text alone, as most are, is not worth an object. */
function reasoningDelta(event: Extract<ChatEvent, { type: 'reasoning' }>): string {
  if (event.signature !== undefined || event.sealed !== undefined) return JSON.stringify(reasoningFields(event))
  return event.text === '' ? '{}' : `{"reasoning_content":"${jsonEscape(event.text)}"}`
}
