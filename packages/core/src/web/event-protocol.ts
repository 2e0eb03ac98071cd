import { isRecord } from '../check/is-record.ts'
import type { FinishReason } from '../chat.ts'
import { readErrorBody } from '../dialect/error-body.ts'
import { isCutJson, isErrorEvent, jsonOrText } from '../dialect/json-frames.ts'
import { parseJson } from '../dialect/parse-json.ts'
import { ChatError } from '../errors.ts'
import { sseFraming } from '../framing/sse.ts'
import type { DecodedEvent, Opened, Protocol } from '../protocol.ts'
import { isEvent } from '../reading/checked-batches.ts'
import { readErrorDocument } from './error-document.ts'

/** How an answer is read, whoever has asked for it. */
interface EventProtocol extends Pick<Opened, 'decode'>, Omit<Protocol, 'open'> {}

/**
 * The dialect of `toResponse()`: the events themselves, as server-sent events.
 *
 * @param id The provider of a failure that names none.
 */
export function eventProtocol(id: string): EventProtocol {
  return {
    dialect: 'rivulet',
    framing(contentType) {
      if (contentType === 'text/event-stream') return sseFraming()
      throw new ChatError('malformed', `the answer is ${notEvents(contentType)}`)
    },
    decodeError(status, body) {
      const stated = isRecord(body) ? readErrorDocument(body.error, id) : undefined
      if (stated !== undefined) stated.status ??= status
      return stated ?? {}
    },
    decode: (emit) => ({
      push(frame) {
        const data = frame.text()
        // A heartbeat.
        if (data.trim() === '') return
        const value = parseJson(data)
        if (value === undefined && isCutJson(data))
          throw new ChatError('truncated', 'the answer broke off inside an event')
        if (isErrorEvent(frame)) throw readErrorDocument(value, id) ?? errorOfOthers(data)
        emit(checked(value))
      },
      end() {
        throw new ChatError('truncated', 'the answer broke off before its finish event')
      },
    }),
  }
}

function notEvents(contentType: string): string {
  const hint = contentType === 'text/plain' ? '. Leave out `as`: a text alone could be cut unnoticed' : ''
  const got = contentType === '' ? 'without a content type' : `of the type ${contentType}`
  return `${got}, where toResponse(stream) sends text/event-stream${hint}`
}

/** What a proxy says in the server's place. */
function errorOfOthers(data: string): ChatError {
  const { code, message } = readErrorBody(undefined, jsonOrText(data))
  return new ChatError(code, message)
}

const REASONS: readonly FinishReason[] = ['stop', 'length', 'tool-calls', 'content-filter', 'other']

/** An event, if it is one that a reader can read. Types that are not known pass: readers ignore them. */
function checked(event: unknown): DecodedEvent {
  if (!isEvent(event) || !hasUsage(event)) throw new ChatError('malformed', 'the answer has an event of no known form')
  const isOther = event.type === 'finish' && !REASONS.some((reason) => reason === event.reason)
  // It has the fields that its readers read.
  return (isOther ? { ...event, reason: 'other' } : event) as unknown as DecodedEvent
}

const hasUsage = ({ usage }: Readonly<Record<string, unknown>>): boolean =>
  usage === undefined ||
  (isRecord(usage) && typeof usage.inputTokens === 'number' && typeof usage.outputTokens === 'number')
