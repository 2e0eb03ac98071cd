/** The forms in which a response has an answer. */

import { must } from '../check/check.ts'
import { isRecord } from '../check/is-record.ts'
import { CODES } from '../error-codes.ts'
import type { ChatError } from '../errors.ts'
import type { AnswerWriter, ErrorAnswer, ServerCall } from '../protocol.ts'
import type { ChatEvent } from '../chat.ts'
import { restartError } from '../reading/collect.ts'
import type { AnyEvent } from '../reading/collector.ts'
import { errorDocument } from './error-document.ts'

export interface ResponseForm {
  /** The answer is one document: nothing can be written before its end. */
  readonly isDocument: boolean
  /** Begins an answer. `head` are the events up to its first content; of a run of tools, the calls have been run here. */
  begin(head: readonly AnyEvent[], isRun: boolean): BodyWriter
  /** The response to a failure before the answer has begun. */
  error(error: ChatError): ErrorAnswer
}

/** Writes the body of an answer, as text. */
export interface BodyWriter {
  readonly contentType: string
  write(events: readonly AnyEvent[]): string
  /** The end of an answer that has failed. Throws the error where nothing but a broken connection can say so. */
  fail(error: ChatError): string
}

/** @throws TypeError for a form that there is not. */
export function responseForm(as: unknown): ResponseForm {
  if (as === 'events') return { isDocument: false, begin: () => EVENTS, error: jsonError }
  if (as === 'text') return { isDocument: false, begin: textWriter, error: jsonError }
  must(
    isServerCall(as),
    'toResponse: as',
    "'events', 'text' or the call that the server half of a dialect has read",
    as,
  )
  return {
    isDocument: !as.stream,
    begin: (head, isRun) => dialectWriter(as, head, isRun),
    error: (error) => as.error(error),
  }
}

const isServerCall = (value: unknown): value is ServerCall =>
  isRecord(value) && isRecord(value.request) && typeof value.answer === 'function' && typeof value.error === 'function'

function jsonError(error: ChatError): ErrorAnswer {
  const { code, retryAfterMs } = error
  return {
    // The error may be that of another copy of this package, which may have other codes.
    status: Object.hasOwn(CODES, code) ? CODES[code].httpStatus : 502,
    headers: {
      'content-type': 'application/json',
      ...(Number.isFinite(retryAfterMs) && { 'retry-after': String(Math.ceil(Number(retryAfterMs) / 1000)) }),
    },
    body: JSON.stringify({ error: errorDocument(error) }),
  }
}

const EVENTS: BodyWriter = {
  contentType: 'text/event-stream',
  write: (events) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
  fail: (error) => `event: error\ndata: ${JSON.stringify(errorDocument(error))}\n\n`,
}

/** A character that two events share is one in the body: its halves can't be written alone. */
function textWriter(): BodyWriter {
  let half = ''
  return {
    contentType: 'text/plain; charset=utf-8',
    write(events) {
      const text = half + events.map(textOfEvent).join('')
      const isWhole = (text.charCodeAt(text.length - 1) & 0xfc00) !== 0xd800 || events.at(-1)?.type === 'finish'
      half = isWhole ? '' : text.slice(-1)
      return isWhole ? text : text.slice(0, -1)
    },
    fail(error) {
      throw error
    },
  }
}

function textOfEvent(event: AnyEvent): string {
  // Text that was sent can't be taken back, and two answers must not be joined.
  if (event.type === 'restart') throw restartError(event)
  return event.type === 'text' ? event.text : ''
}

/** An answer in the dialect of the client that has asked. */
function dialectWriter(call: ServerCall, head: readonly AnyEvent[], isRun: boolean): BodyWriter {
  const start = head.find((event) => event.type === 'start')
  const writer: AnswerWriter = call.answer({
    id: start?.id ?? crypto.randomUUID(),
    created: Math.floor(Date.now() / 1000),
    model: call.request.model,
  })
  /** No dialect has a word for what a tool gave to the model. A client would run a call that it reads. */
  const isWritten = (event: AnyEvent): event is ChatEvent =>
    event.type !== 'tool-result' && !(isRun && (event.type === 'tool-call' || event.type === 'tool-input'))
  return {
    contentType: writer.contentType,
    write: (events) => writer.write(events.filter(isWritten)),
    fail: (error) => writer.fail(error),
  }
}
