import { isRecord } from '../check/is-record.ts'
import type { FinishReason } from '../chat.ts'
import { readErrorBody } from '../dialect/error-body.ts'
import { isErrorBody } from '../dialect/is-error-body.ts'
import { isCutJson, isErrorEvent, jsonOrText } from '../dialect/json-frames.ts'
import { parseJson } from '../dialect/parse-json.ts'
import { CODES } from '../error-codes.ts'
import { ChatError } from '../errors.ts'
import { jsonFraming } from '../framing/json.ts'
import { sseFraming } from '../framing/sse.ts'
import type { DecodedEvent, Framing, Opened, Protocol } from '../protocol.ts'
import { isEvent } from '../reading/checked-batches.ts'
import type { AnyEvent } from '../reading/collector.ts'
import { readErrorDocument } from './error-document.ts'

/** How an answer is read, whoever has asked for it. */
interface EventProtocol extends Pick<Opened, 'decode'>, Omit<Protocol, 'open'> {}

/**
 * The dialect of `toResponse()`: the events themselves, as server-sent events. It is stricter than those of others: what is not
 * an event has not come from a server of ours, and something may be lost.
 *
 * @param id The provider of a failure that names none.
 */
export function eventProtocol(id: string): EventProtocol {
  return {
    dialect: 'rivulet',
    framing: (contentType) => (contentType === 'text/event-stream' ? sseFraming() : noEvents(id, contentType)),
    decodeError: (_status, body) => (isRecord(body) ? readErrorDocument(body.error, id) : undefined) ?? {},
    decode: (emit) => ({
      push(frame) {
        const data = frame.text().trim()
        // A heartbeat, or a comment that a proxy sends as data.
        if (data === '' || data.startsWith(':')) return
        const value = jsonOrText(data)
        if (isErrorEvent(frame) || isErrorBody(value)) throw failureOf(id, value)
        if (!isEvent(value) || !hasUsage(value) || !hasNames(value.dropped)) throw noEvent(data)
        if (Object.hasOwn(KNOWN, value.type)) emit(decoded(value))
      },
      end() {
        throw new ChatError('truncated', 'the answer broke off before its finish event')
      },
    }),
  }
}

/** Readers ignore the types of events that they don't know: those that are new since this was written. */
const KNOWN: Readonly<Record<AnyEvent['type'], true>> = {
  start: true,
  text: true,
  reasoning: true,
  'tool-call': true,
  'tool-input': true,
  'tool-result': true,
  native: true,
  restart: true,
  resume: true,
  raw: true,
  finish: true,
}

const REASONS: readonly unknown[] = [
  'stop',
  'length',
  'tool-calls',
  'content-filter',
  'other',
] satisfies readonly FinishReason[]

/** An event that has the fields which its readers read. A reason may be newer than this. */
function decoded(event: Readonly<Record<string, unknown>>): DecodedEvent {
  const { type, reason } = event
  const isKnown = type === 'finish' ? REASONS.includes(reason) : !isBreak(type) || Object.hasOwn(CODES, String(reason))
  const known = type === 'finish' ? 'other' : 'overloaded'
  return (isKnown ? event : { ...event, reason: known }) as unknown as DecodedEvent
}

/** Whether the reason of an event is a code. */
const isBreak = (type: unknown): boolean => type === 'restart' || type === 'resume'

const hasNames = (dropped: unknown): boolean =>
  dropped === undefined || (Array.isArray(dropped) && dropped.every((name) => typeof name === 'string'))

const hasUsage = ({ usage }: Readonly<Record<string, unknown>>): boolean =>
  usage === undefined ||
  (isRecord(usage) && typeof usage.inputTokens === 'number' && typeof usage.outputTokens === 'number')

/** What an answer that is not of events says: an error, maybe; else its type is what is wrong. */
function noEvents(id: string, contentType: string): Framing {
  const got = contentType === '' ? 'has no content type' : `is of the type ${contentType}`
  const hint = contentType === 'text/plain' ? '. Leave out `as`: a text alone could be cut unnoticed' : ''
  const refuse = (): never => {
    throw new ChatError('malformed', `the answer ${got}, where toResponse(stream) sends text/event-stream${hint}`)
  }
  if (!contentType.endsWith('json')) return () => ({ push: refuse, end: refuse })
  return (out) =>
    jsonFraming()({
      push(frame) {
        const document = parseJson(frame.text())
        if (document === undefined) throw noEvent(frame.text())
        if (isErrorBody(document)) throw failureOf(id, isRecord(document) ? (document.error ?? document) : document)
        refuse()
      },
      end() {
        out.end()
      },
    })
}

/** The failure that a server of ours states; or a proxy in its place, in its own way. */
function failureOf(id: string, stated: unknown): ChatError {
  const failure = readErrorDocument(stated, id)
  if (failure !== undefined) return failure
  const { code, message } = readErrorBody(undefined, stated)
  return new ChatError(code, message)
}

const noEvent = (text: string): ChatError =>
  isCutJson(text)
    ? new ChatError('truncated', 'the answer broke off inside an event')
    : new ChatError('malformed', 'the answer has an event of no known form')
