import { ChatError, type ChatEvent } from '@rivulet/core'
import { DeltaWriter } from './delta-writer.ts'
import { encodeError } from './errors.ts'
import { WholeMessage } from './whole-message.ts'
import { WireAnswer, type WireMessage } from './wire-answer.ts'

export interface AnswerOptions {
  /** `false` gives one JSON document, at the end. @default true */
  stream?: boolean | undefined
  /** The id of the message. @default the id of the answer's `start` */
  id?: string | undefined
  /** The name of the model. @default the model of the answer's `start` */
  model?: string | undefined
}

/** Writes one answer: pure, so the caller sends what it returns. */
export interface AnswerEncoder {
  readonly contentType: string
  /**
   * The text to send for an event; often `''`.
   *
   * @throws ChatError when a group restarts the answer (`onBreak: 'restart'`) after part of it was sent; then {@link fail}.
   */
  write(event: ChatEvent): string
  /** The text to send when the answer fails after it began. Before that, use {@link encodeError}, which has the status too. */
  fail(error: ChatError): string
}

/**
 * Writes the events of one answer in this dialect.
 *
 * @example
 * const encoder = answerEncoder({ stream: request.stream !== false })
 * for await (const event of provider.stream(request)) response.write(encoder.write(event))
 */
export function answerEncoder({ stream = true, id, model }: AnswerOptions = {}): AnswerEncoder {
  return stream ? streamEncoder(new WireAnswer(id, model)) : documentEncoder(() => new WireAnswer(id, model))
}

/**
 * Writes a complete answer.
 *
 * @example
 * encodeAnswer(events, { stream: false }) // '{"id":"msg_1","type":"message",…}'
 */
export function encodeAnswer(events: Iterable<ChatEvent>, options: AnswerOptions = {}): string {
  const encoder = answerEncoder(options)
  return Array.from(events, (event) => encoder.write(event)).join('')
}

function streamEncoder(answer: WireAnswer): AnswerEncoder {
  const deltas = new DeltaWriter()
  return {
    contentType: 'text/event-stream',
    write(event) {
      const delta = answer.takeDelta(event)
      if (delta !== undefined) return deltas.write(delta)
      if (event.type === 'restart' && answer.hasContent) {
        const message = `${event.from} failed (${event.message}) and the answer restarts, but part of it was already sent`
        throw new ChatError(event.reason, message, { provider: event.from })
      }
      return answer.messagesOf(event).map(asEvent).join('')
    },
    fail: (error) => asEvent({ type: 'error', ...encodeError(error).body }),
  }
}

function documentEncoder(answerOf: () => WireAnswer): AnswerEncoder {
  let answer = answerOf()
  let whole = new WholeMessage()
  return {
    contentType: 'application/json',
    write(event) {
      if (event.type === 'restart') {
        answer = answerOf()
        whole = new WholeMessage()
      }
      for (const message of answer.messagesOf(event)) whole.add(message)
      return event.type === 'finish' ? JSON.stringify(whole.result()) : ''
    },
    fail: (error) => JSON.stringify(encodeError(error).body),
  }
}

const asEvent = (message: WireMessage): string => `event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`
