import type { ChatEvent } from '@rivulet/core'
import { type AnswerWriter, isRecord } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { writeError } from './errors.ts'
import { fieldsOf, sealedBlock } from './sealed-frames.ts'
import { type AnswerOptions, WireAnswer } from './wire-answer.ts'
import { WholeMessage } from './whole-message.ts'

/** Writes an answer as one document: that of the endpoint where it came as one in this dialect, else one made of its events. */
export class DocumentWriter implements AnswerWriter {
  readonly contentType = 'application/json'
  readonly #options: AnswerOptions
  #answer: WireAnswer
  #whole = new WholeMessage()
  /** The only frame of the answer; `''` when there were several. */
  #document: string | undefined

  constructor(options: AnswerOptions) {
    this.#options = options
    this.#answer = new WireAnswer(options)
  }

  write(events: readonly ChatEvent[]): string {
    return events.map((event) => this.#write(event)).join('')
  }

  /** A document has no place for it. */
  ping(): string {
    return ''
  }

  fail(error: unknown): string {
    return JSON.stringify(writeError(error).body)
  }

  #write(event: ChatEvent): string {
    if (event.type === 'raw') {
      const isWhole = this.#document === undefined && event.dialect === DIALECT && event.label === 'end'
      this.#document = isWhole ? event.data : ''
    } else if (event.type === 'resume') this.#document = ''
    else if (event.type === 'restart') {
      this.#answer = new WireAnswer(this.#options)
      this.#whole = new WholeMessage()
      this.#document = undefined
    }
    for (const message of this.#answer.messagesOf(event)) this.#whole.add(message)
    if (event.type !== 'finish') return ''
    const received = fieldsOf(this.#document ?? '')
    const message = received.type === 'message' ? this.#passed(received) : this.#whole.result()
    return JSON.stringify(message)
  }

  #passed(message: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { content } = message
    if (!this.#options.seal || !Array.isArray(content)) return message
    const seal = (value: string): string => this.#answer.sealed(value)
    return {
      ...message,
      content: content.map((block: unknown) => (isRecord(block) ? sealedBlock(block, seal) : block)),
    }
  }
}
