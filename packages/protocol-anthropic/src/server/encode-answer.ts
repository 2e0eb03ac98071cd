/** Answers on the wire: server half. Pure: the text of what to send, event by event. */

import { ChatError, type ChatEvent } from '@rivulet/core'
import { DeltaWriter } from './delta-writer.ts'
import { encodeError } from './errors.ts'
import { WholeMessage } from './whole-message.ts'
import { WireAnswer, type WireMessage } from './wire-answer.ts'

export interface AnswerOptions {
  /** `false` gives one JSON document, at the end. @default true */
  stream?: boolean
  /** The id of the message. @default what the answer's `start` says */
  id?: string
  /** The model that is named. @default what the answer's `start` says */
  model?: string
}

/** Writes one answer. */
export interface AnswerEncoder {
  readonly contentType: string
  /**
   * What is sent for an event, often nothing.
   *
   * @throws `ChatError` when a group begins the answer anew (`onBreak: 'restart'`) and a part of it is sent already.
   */
  write(event: ChatEvent): string
  /** What is sent when the answer fails behind its beginning; before it, {@link encodeError} knows the status too. */
  fail(error: ChatError): string
}

/**
 * Writes the events of an answer as this dialect spells them.
 *
 * @example
 * const encoder = answerEncoder({ stream: request.stream !== false })
 * for await (const event of provider.stream(request)) response.write(encoder.write(event))
 */
export function answerEncoder({ stream = true, id, model }: AnswerOptions = {}): AnswerEncoder {
  return stream ? streamEncoder(new WireAnswer(id, model)) : documentEncoder(() => new WireAnswer(id, model))
}

/**
 * A whole answer at once.
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
        const message = `${event.from} broke (${event.message}) and the answer begins anew, but a part of it is sent.`
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
