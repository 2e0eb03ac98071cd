import { ChatError, type ChatEvent, type ChatRequest, type ErrorCode } from '@rivulet/core'
import {
  type AnswerWriter,
  CODES,
  type DecodedEvent,
  FrameWriter,
  isRecord,
  ndjsonFraming,
  type Opened,
  type Protocol,
  type ServerProtocol,
  spliceJson,
} from '@rivulet/core/provider'

/** Ways to get a dialect wrong. */
export type DialectMistake =
  | 'forgets the seed'
  | 'forgets what has no name'
  | 'loses usage'
  | 'cuts characters'
  | 'drops calls of a document'
  | 'writes every error as overloaded'
  | 'writes network errors as bad requests'
  | 'answers errors with 200'
  | 'loses the words of an error'
  | 'ends a failed stream as if all were well'
  | 'writes raw events'
  | 'writes frames again'
  | 'passes the end mark at once'
  | 'restarts silently'
  | 'keeps both answers of a document'
  | 'starts again after a resume'
  | 'writes no start of its own'
  | 'always stops'
  | 'drops the word "rare"'

const DIALECT = 'lines'

/** A dialect whose wire is our own events as JSON lines, right or with a mistake. */
export function bothHalves(mistake?: DialectMistake): { client: Protocol; server: ServerProtocol } {
  const decode: Opened['decode'] = (emit) => ({
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
  })
  const client: Protocol = {
    dialect: DIALECT,
    open: ({ native, ...request }) => ({
      http: {
        path: '/ask',
        body: request,
        ...(native !== undefined && { json: spliceJson(native.text, { model: request.model }) }),
      },
      decode,
    }),
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
    decodeError: (_status, body) =>
      isRecord(body) ? { code: body.code as ErrorCode, message: String(body.message) } : {},
  }

  const decodedFrom = (event: Exclude<ChatEvent, { type: 'raw' }>): DecodedEvent => {
    if (event.type === 'start') return { type: 'start', model: event.model, id: event.id }
    if (event.type === 'text' && mistake === 'drops the word "rare"') {
      return { ...event, text: event.text.replace('rare', '') }
    }
    if (event.type !== 'finish') return event
    const reason = mistake === 'always stops' ? 'stop' : event.reason
    return mistake === 'loses usage' ? { type: 'finish', reason } : { ...event, reason }
  }

  const server: ServerProtocol = {
    dialect: DIALECT,
    read({ body }) {
      const text = String(body)
      // The client half wrote it.
      const { seed, ...rest } = JSON.parse(text) as ChatRequest & Record<string, unknown>
      const request = mistake === 'forgets the seed' || seed === undefined ? rest : { ...rest, seed }
      const whole = mistake === 'forgets what has no name' ? '{}' : text
      const native = { dialect: DIALECT, text: whole, body: rest, headers: {}, unnamed: [] }
      const stream = request.stream !== false
      return {
        request: { ...request, native },
        stream,
        answer: () => (stream ? streamWriter() : documentWriter()),
        error: errorAnswer,
      }
    },
    error: errorAnswer,
  }
  return { client, server }

  function errorAnswer(error: unknown) {
    if (!(error instanceof ChatError)) throw error
    const status = mistake === 'answers errors with 200' ? 200 : CODES[error.code].httpStatus
    return { status, headers: {}, body: JSON.stringify(bodyOf(error)) }
  }

  function streamWriter(): AnswerWriter {
    let hasStarted = false
    let hasContent = false
    const frames = new FrameWriter({
      dialect: mistake === 'writes frames again' ? 'none' : DIALECT,
      event: writeEvent,
      frame: ({ data }) => `${data}\n`,
      closes: () => true,
      wantsUsage: true,
    })
    return {
      contentType: 'application/x-ndjson',
      write: (events) =>
        events
          .map((event) => {
            if (event.type !== 'raw') return frames.write([event])
            if (mistake === 'writes raw events') return line(event)
            return frames.write([mistake === 'passes the end mark at once' ? { ...event, label: 'as-is' } : event])
          })
          .join(''),
      ping: () => '\n',
      fail(error) {
        if (!(error instanceof ChatError)) throw error
        return mistake === 'ends a failed stream as if all were well'
          ? line({ type: 'finish', reason: 'stop' })
          : frames.release() + line({ type: 'error', ...bodyOf(error) })
      },
    }

    function writeEvent(event: ChatEvent): string {
      if (event.type === 'raw') return ''
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
    }
  }

  function documentWriter(): AnswerWriter {
    const all: ChatEvent[] = []
    return {
      contentType: 'application/x-ndjson',
      write(events) {
        all.push(...events)
        return all.at(-1)?.type === 'finish' ? documentOf(all) : ''
      },
      ping: () => '',
      fail: (error) => errorAnswer(error).body,
    }
  }

  function documentOf(events: readonly ChatEvent[]): string {
    const restart = mistake === 'keeps both answers of a document' ? -1 : events.findLastIndex(isRestart)
    const last = events.slice(restart + 1).filter((event) => event.type !== 'restart' && event.type !== 'raw')
    const kept = mistake === 'drops calls of a document' ? last.filter(({ type }) => type !== 'tool-call') : last
    return line({ events: kept.map(decodedFrom) })
  }

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
