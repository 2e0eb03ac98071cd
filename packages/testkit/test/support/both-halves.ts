import { ChatError, type ChatEvent, type ChatRequest, type ErrorCode } from '@rivulet/core'
import { CODES, type DecodedEvent, isRecord, ndjsonFraming, type Protocol } from '@rivulet/core/provider'
import type { ServerHalf } from '../../src/index.ts'

/** Ways to get a dialect wrong. */
export type DialectMistake =
  | 'forgets the seed'
  | 'loses usage'
  | 'cuts characters'
  | 'drops calls of a document'
  | 'writes every error as overloaded'
  | 'writes network errors as bad requests'
  | 'answers errors with 200'
  | 'loses the words of an error'
  | 'ends a failed stream as if all were well'
  | 'writes raw events'
  | 'restarts silently'
  | 'keeps both answers of a document'
  | 'starts again after a resume'
  | 'writes no start of its own'
  | 'always stops'
  | 'drops the word "rare"'

/** A dialect whose wire is our own events as JSON lines, right or with a mistake. */
export function bothHalves(mistake?: DialectMistake): { client: Protocol; server: ServerHalf } {
  const client: Protocol = {
    encode: (request) => ({ path: '/ask', body: request }),
    framing: () => (out) => {
      const lines = ndjsonFraming()(out)
      if (mistake !== 'cuts characters') return lines
      return {
        push: (bytes) => {
          lines.push(Buffer.from(Buffer.from(bytes).toString('utf8')))
        },
        end: () => {
          lines.end()
        },
      }
    },
    decode: (emit) => ({
      push(frame) {
        const message: unknown = JSON.parse(frame.text())
        if (!isRecord(message)) return
        if (message.type === 'error') throw new ChatError(message.code as ErrorCode, String(message.message))
        // A dialect that is a copy of our events: the type of a document's is theirs.
        const events = Array.isArray(message.events) ? (message.events as DecodedEvent[]) : [message as DecodedEvent]
        for (const event of events) emit(event)
      },
      end() {
        throw new ChatError('truncated', 'no finish')
      },
    }),
    decodeError: (_status, body) =>
      isRecord(body) ? { code: body.code as ErrorCode, message: String(body.message) } : {},
  }

  const decodedFrom = (event: ChatEvent): DecodedEvent => {
    if (event.type === 'start') return { type: 'start', model: event.model, id: event.id }
    if (event.type === 'text' && mistake === 'drops the word "rare"') {
      return { ...event, text: event.text.replace('rare', '') }
    }
    if (event.type !== 'finish') return event
    const reason = mistake === 'always stops' ? 'stop' : event.reason
    return mistake === 'loses usage' ? { type: 'finish', reason } : { ...event, reason }
  }

  const server: ServerHalf = {
    decodeRequest: ({ body }) => {
      // The client half wrote it.
      const { seed, ...request } = body as ChatRequest
      return mistake === 'forgets the seed' || seed === undefined ? request : { ...request, seed }
    },
    streamWriter() {
      let hasStarted = false
      let hasContent = false
      return {
        write(event) {
          if (event.type === 'raw') return mistake === 'writes raw events' ? line(event) : ''
          if (event.type === 'resume') {
            hasStarted &&= mistake !== 'starts again after a resume'
            return ''
          }
          if (event.type === 'restart') {
            if (hasContent && mistake !== 'restarts silently') throw new ChatError(event.reason, 'too late')
            return ''
          }
          if (event.type === 'start' && hasStarted) return ''
          const start =
            hasStarted || event.type === 'start' || mistake === 'writes no start of its own'
              ? ''
              : line({ type: 'start', model: '' })
          hasStarted = true
          hasContent ||= event.type !== 'start'
          return start + line(decodedFrom(event))
        },
        fail: (error) =>
          mistake === 'ends a failed stream as if all were well'
            ? line({ type: 'finish', reason: 'stop' })
            : line({ type: 'error', ...bodyOf(error) }),
      }
    },
    encodeDocument(events) {
      const restart = mistake === 'keeps both answers of a document' ? -1 : events.findLastIndex(isRestart)
      const last = events.slice(restart + 1).filter((event) => !isRestart(event))
      const kept = mistake === 'drops calls of a document' ? last.filter(({ type }) => type !== 'tool-call') : last
      return line({ events: kept.map(decodedFrom) })
    },
    encodeError: (error) => ({
      status: mistake === 'answers errors with 200' ? 200 : CODES[error.code].httpStatus,
      body: bodyOf(error),
    }),
  }
  return { client, server }

  function wireCode(code: ErrorCode): ErrorCode {
    if (mistake === 'writes every error as overloaded') return 'overloaded'
    return mistake === 'writes network errors as bad requests' && code === 'network' ? 'bad-request' : code
  }

  function bodyOf({ code, message }: ChatError): object {
    return {
      code: wireCode(code),
      message: mistake === 'loses the words of an error' ? 'it failed' : message,
    }
  }
}

const line = (message: object): string => `${JSON.stringify(message)}\n`
const isRestart = ({ type }: ChatEvent): boolean => type === 'restart'
