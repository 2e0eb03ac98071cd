import type { ChatEvent } from '@rivulet/core'
import { isRecord, jsonOrText } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { AnswerOptions, WireAnswer } from './wire-answer.ts'

type RawEvent = Extract<ChatEvent, { type: 'raw' }>

/**
 * The frames of an answer in this dialect, which pass as they came, but for the id and the name of the model, and for
 * signatures where they are sealed. The count of blocks is then the endpoint's; once anything is written from events it is
 * ours, and no frame passes any more.
 */
export class PassedFrames {
  readonly #answer: WireAnswer
  readonly #options: AnswerOptions
  /** Frames that say why and that the answer ends: they are written when it has ended. */
  #held: string[] = []
  /** Whether the events that follow belong to a frame that has passed. */
  #isPassing = false
  #isOver = false

  constructor(answer: WireAnswer, options: AnswerOptions) {
    this.#answer = answer
    this.#options = options
  }

  /** From here on everything is written from events. */
  end(): void {
    this.#isOver = true
    this.#isPassing = false
    this.#held = []
  }

  /** The answer begins again. */
  restart(): void {
    this.#isPassing = false
    this.#held = []
  }

  /** The bytes of a frame. Its events follow, and are given to {@link take}. */
  pass(frame: RawEvent): string {
    const { event, label, dialect } = frame
    const isStop = event === 'message_delta' || label === 'end'
    // A finish must be written by one of the two; content after a reason to stop comes from a second answer.
    const isLate = this.#held.length > 0 && event?.startsWith('content_block') === true
    const isMended = event === undefined || label === 'mended'
    if (dialect !== DIALECT || isLate || (isMended && isStop)) this.end()
    this.#isPassing = !this.#isOver && !isMended
    if (!this.#isPassing) return ''
    const bytes = this.#bytes(frame)
    if (!isStop) return bytes
    this.#held.push(bytes)
    return ''
  }

  /** What is written for an event; `undefined` if it must be written from the event. */
  take(event: ChatEvent): string | undefined {
    if (!this.#isPassing) {
      if (event.type !== 'start') this.end()
      return undefined
    }
    this.#answer.passEvent(event)
    if (event.type !== 'finish') return ''
    const held = this.#held.join('')
    this.end()
    return held
  }

  #bytes(frame: RawEvent): string {
    const { event = '', data } = frame
    switch (event) {
      case 'message_start':
        // After a restart the client has one already.
        if (this.#answer.hasStarted) return ''
        return asEvent(event, this.#renamed(data))
      case 'content_block_start': {
        const message = fieldsOf(data)
        const block = isRecord(message.content_block) ? message.content_block : {}
        this.#answer.passStart(Number(message.index), block.type)
        return asEvent(event, this.#withSeal(data, message, 'content_block'))
      }
      case 'content_block_stop':
        this.#answer.passStop(Number(fieldsOf(data).index))
        break
      case 'content_block_delta':
        if (this.#options.seal && data.includes('"signature_delta"')) {
          return asEvent(event, this.#withSeal(data, fieldsOf(data), 'delta'))
        }
    }
    return asEvent(event, data)
  }

  #renamed(data: string): string {
    const start = fieldsOf(data)
    const { id, model } = this.#options
    return JSON.stringify({ ...start, message: { ...(isRecord(start.message) && start.message), id, model } })
  }

  #withSeal(data: string, message: Record<string, unknown>, name: 'content_block' | 'delta'): string {
    const given = message[name]
    const holder = isRecord(given) ? sealedBlock(given, this.#answer, this.#options) : given
    return holder === given ? data : JSON.stringify({ ...message, [name]: holder })
  }
}

/** A block, or a delta, with its signature sealed; the same one where it has none, or none is to be sealed. */
export function sealedBlock(
  block: Record<string, unknown>,
  answer: WireAnswer,
  { seal }: AnswerOptions,
): Record<string, unknown> {
  const name = SIGNED[String(block.type)]
  const value = name === undefined ? undefined : block[name]
  if (!seal || name === undefined || typeof value !== 'string' || value === '') return block
  return { ...block, [name]: answer.sealed(value) }
}

/** Where the types of block, and of delta, have their signature. */
const SIGNED: Readonly<Partial<Record<string, string>>> = {
  thinking: 'signature',
  redacted_thinking: 'data',
  signature_delta: 'signature',
}

/** A frame as an event; data of several lines has one field for each. */
export const asEvent = (name: string, data: string): string =>
  `event: ${name}\ndata: ${data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data}\n\n`

export function fieldsOf(data: string): Record<string, unknown> {
  const message = jsonOrText(data)
  return isRecord(message) ? message : {}
}
