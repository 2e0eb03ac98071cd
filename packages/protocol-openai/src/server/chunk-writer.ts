import { type ChatEvent, ChatError, type Thought } from '@rivulet/core'
import { jsonEscape } from '@rivulet/core/provider'
import { writeDetails } from '../reasoning-details.ts'
import { errorAnswer } from './errors.ts'
import { writeFinishReason } from './finish-reason.ts'
import { writeUsage } from './usage.ts'

export interface AnswerOptions {
  /** The id of an answer that has none. */
  id: string
  /** Unix seconds. */
  created: number
  /** Ends the stream with its usage, when the client asked for it: see `wantsUsage()`. @default false */
  includeUsage?: boolean | undefined
}

/** Writes one answer as server-sent events: pure, so the caller sends what it returns. */
export interface AnswerStream {
  /**
   * The text to send for an event; `''` for an event that this dialect has no word for.
   *
   * @throws ChatError with the reason of a `restart` after content, which can't be taken back; then {@link fail}.
   */
  write(event: ChatEvent): string
  /** The text that ends a stream that failed: the error as an event, and no end mark. */
  fail(error: unknown): string
}

/** Writes the chunks of one answer. What all of them share is written once; an event costs the escaping of its text. */
export class ChunkWriter implements AnswerStream {
  readonly #options: AnswerOptions
  /** The chunk up to its delta. */
  #head = ''
  /** The chunk of a delta of text alone, up to the text and from it on: quotes included. */
  #textHead = ''
  #tail = ''
  #textTail = ''
  #hasContent = false
  readonly #calls = new Map<string, number>()

  constructor(options: AnswerOptions) {
    this.#options = options
  }

  write(event: ChatEvent): string {
    switch (event.type) {
      case 'text':
        this.#hasContent = true
        return this.#begun() + this.#textHead + jsonEscape(event.text) + this.#textTail
      case 'start':
        // A second start continues or restarts the answer: on the wire it is one answer.
        return this.#head === '' ? this.#start(event.id, event.model) : ''
      case 'reasoning':
        return this.#content(reasoningDelta(event))
      case 'tool-call':
        return this.#content(this.#toolCall(event.id, event.name))
      case 'tool-input': {
        const index = this.#calls.get(event.id) ?? 0
        return this.#content(`{"tool_calls":[{"index":${index},"function":{"arguments":"${jsonEscape(event.json)}"}}]}`)
      }
      case 'finish':
        return this.#finish(event)
      case 'restart': {
        if (!this.#hasContent) return ''
        const message = `${event.from} failed (${event.message}) and the answer restarts, but part of it was already sent`
        throw new ChatError(event.reason, message, { provider: event.from })
      }
      case 'resume':
      case 'raw':
        return ''
    }
  }

  fail(error: unknown): string {
    return `data: ${JSON.stringify(errorAnswer(error).body)}\n\n`
  }

  #begun(): string {
    return this.#head === '' ? this.#start(undefined, '') : ''
  }

  #start(id: string | undefined, model: string): string {
    const { created, includeUsage } = this.#options
    const about = { id: id ?? this.#options.id, object: 'chat.completion.chunk', created, model }
    this.#head = `data: ${JSON.stringify(about).slice(0, -1)},"choices":[{"index":0,"delta":`
    this.#tail = `,"finish_reason":null}]${includeUsage === true ? ',"usage":null' : ''}}\n\n`
    this.#textHead = `${this.#head}{"content":"`
    this.#textTail = `"}${this.#tail}`
    return `${this.#head}{"role":"assistant","content":""}${this.#tail}`
  }

  #content(delta: string): string {
    this.#hasContent = true
    return this.#begun() + this.#head + delta + this.#tail
  }

  #toolCall(id: string, name: string): string {
    const index = this.#calls.size
    this.#calls.set(id, index)
    return JSON.stringify({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] })
  }

  #finish({ reason, usage }: Extract<ChatEvent, { type: 'finish' }>): string {
    const begun = this.#begun()
    const reasoned = this.#tail.replace('"finish_reason":null', `"finish_reason":"${writeFinishReason(reason)}"`)
    const counted =
      this.#options.includeUsage === true && usage !== undefined ? this.#usageChunk(writeUsage(usage)) : ''
    return `${begun}${this.#head}{}${reasoned}${counted}data: [DONE]\n\n`
  }

  /** The usage has a chunk of its own, without choices. */
  #usageChunk(usage: object): string {
    const about = this.#head.slice(0, this.#head.lastIndexOf('[{"index":0,"delta":'))
    return `${about}[],"usage":${JSON.stringify(usage)}}\n\n`
  }
}

/**
 * A thought in the field that most clients read. Its signature goes beside it, in details with the same text, which a
 * reader of details counts once; a sealed detail has no text.
 */
function reasoningDelta({ text, signature, sealed }: Thought): string {
  if (signature === undefined && sealed === undefined) {
    return text === '' ? '{}' : `{"reasoning_content":"${jsonEscape(text)}"}`
  }
  const words = text === '' ? {} : { reasoning_content: text }
  const proved = { ...(signature !== undefined && { signature }), ...(sealed !== undefined && { sealed }) }
  return JSON.stringify({
    ...words,
    reasoning_details: writeDetails({ text: sealed === undefined ? text : '', ...proved }),
  })
}
