import { type ChatEvent, ChatError, type Thought } from '@rivulet/core'
import { jsonEscape } from '@rivulet/core/provider'
import { writeDetails } from '../details.ts'
import { writeFinishReason } from '../finish-reason.ts'
import { writeUsage } from '../usage.ts'
import { errorAnswer } from './error-answer.ts'

export interface AnswerOptions {
  /** For an answer that has no id of its own. */
  id: string
  /** Unix seconds. */
  created: number
  /** Ends the stream with its usage, as the client asked: see `wantsUsage()`. @default false */
  includeUsage?: boolean
}

/** An answer as server-sent events, one event after the other. */
export interface AnswerStream {
  /**
   * The bytes of an event, as text; `''` for one that this dialect has no word for.
   *
   * @throws ChatError with the reason of a `restart` behind content: what was sent can't be taken back, only {@link fail}.
   */
  write(event: ChatEvent): string
  /** The end of a stream that broke: the error as an event, and no end mark. */
  fail(error: unknown): string
}

/**
 * Events as a streamed chat-completions answer. What is the same in every chunk is written once; an event costs the
 * escaping of its text.
 *
 * @example
 * const answer = answerStream({ id: 'chatcmpl-1', created: 1_795_132_800 })
 * for await (const event of provider.stream(request)) response.write(answer.write(event))
 */
export function answerStream(options: AnswerOptions): AnswerStream {
  return new ChunkWriter(options)
}

class ChunkWriter implements AnswerStream {
  readonly #options: AnswerOptions
  /** Up to the delta. */
  #head = ''
  /** Up to the text of a delta that is nothing but text, and from it on: with the quotes. */
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
        // A second one begins what goes on, or what is begun anew: on the wire it is one answer.
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
        const message = `${event.from} broke (${event.message}) and the answer begins anew, but its beginning has been sent`
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

  /** The usage stands in a chunk of its own, without choices. */
  #usageChunk(usage: object): string {
    const about = this.#head.slice(0, this.#head.lastIndexOf('[{"index":0,"delta":'))
    return `${about}[],"usage":${JSON.stringify(usage)}}\n\n`
  }
}

/**
 * Thoughts in the field that most clients read. What proves them stands beside it, as details with the same words, which
 * are read once; a seal has no words of its own.
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
