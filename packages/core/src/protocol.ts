/** A wire dialect: pure functions, no I/O, no clock, no `await`. Types only. */

import type { ChatEvent, ChatRequest, Dialect, FrameLabel } from './chat.ts'
import type { ErrorCode } from './error-codes.ts'

/** How a dialect encodes a request and decodes its answer. `httpProvider()` does everything else. */
export interface Protocol {
  /** Its name: of the fields in `extra`, of native parts and of raw frames. */
  readonly dialect: Dialect
  /**
   * Encodes one request, and decodes its answer: what was carried another way in the request is carried back.
   *
   * @throws ChatError `unsupported` for a meaning that the dialect has no word for: a group then asks its next member.
   */
  open(request: ChatRequest): Opened
  /** How the body is split into frames. `contentType` is lower-case and without parameters; `''` when there is none. */
  framing(contentType: string): Framing
  /**
   * How long a silence lasts that ends an answer whose decoder says that it may end, in milliseconds: for endpoints that leave
   * out their end mark and keep the connection open. `'idleMs'` is as long as the deadline of that name.
   * @default the connection's end alone ends it
   */
  endsAfterMs?: number | 'idleMs' | undefined
  /**
   * Reads an error body, as parsed JSON or as text. Fields that it leaves out follow from the status and the headers.
   * `retryAfterMs` is for endpoints that send it in the body; a header takes precedence. A `ChatError` is taken as it is.
   */
  decodeError?(status: number, body: unknown): { code?: ErrorCode; message?: string; retryAfterMs?: number }
}

/** A request and the decoder of its answer. */
export interface Opened {
  /** The request on the wire. `path` begins with `/` and is appended to the provider's base URL. */
  http: EncodedRequest
  /**
   * What was left out, lowered or carried another way: the field of the request, and what became of it where that is not plain,
   * as in `'topK'` and `"reasoning: 'max' sent as 'high'"`. @default nothing
   */
  dropped?: readonly string[] | undefined
  /**
   * Decodes the frames of the response; keep state in the closure. `end()` is called when the body ends before a `finish` was
   * emitted: emit the `finish` there, or throw `truncated`. Throw every failure as a `ChatError`.
   */
  decode(emit: (event: DecodedEvent) => void): Decoder
}

export interface EncodedRequest {
  path: string
  /** Serialized as JSON. */
  body: unknown
  /** The body, if it is serialized already: `body` is then not read. */
  json?: string | undefined
  headers?: Record<string, string> | undefined
}

/**
 * What a decoder emits: a `ChatEvent`, but `start` has no provider yet, unless the endpoint passes on the answers of others and
 * says whose. Only such a `start` may come again. A decoder may leave out the `start`.
 */
export type DecodedEvent =
  | Exclude<ChatEvent, { type: 'start' | 'raw' }>
  | (Partial<Omit<Extract<ChatEvent, { type: 'start' }>, 'type'>> & { type: 'start' })

export interface Decoder extends Sink<Frame> {
  /** The endpoint has said why the answer ends, but not yet that it ends: the body's end, or a silence, now ends it. */
  readonly mayEnd?: boolean | undefined
  /**
   * What the last frame was for a client of the same dialect, unless it can be passed on as it is: it had to be mended, it has
   * nothing but usage, or it tells a client that the answer is whole. A frame with which `mayEnd` begins, or the `finish`
   * comes, is an end in any case.
   */
  readonly label?: Exclude<FrameLabel, 'as-is'> | undefined
  /** The answer broke off. Emit content that was held back: the reader gets it, and the error keeps it. */
  release?(): void
}

export interface Sink<T> {
  push(item: T): void
  end(): void
}

/** Turns bytes, in chunks of any size, into the frames of a dialect. */
export type Framing = (out: Sink<Frame>) => Sink<Uint8Array>

/**
 * One message of the body: an SSE event's data, a line, a document. It is a range of a buffer and not a view, because making a
 * view costs as much as scanning the line. Valid only during the `push()` that delivers it.
 */
export interface Frame {
  /** The SSE event type, when there is one. */
  readonly event: string | undefined
  readonly buffer: Uint8Array
  /** First byte of the frame in `buffer`. */
  readonly start: number
  /** First byte after the frame in `buffer`. */
  readonly end: number
  /** The bytes as UTF-8 text, all of them or from `from` to `to` (offsets in `buffer`). */
  text(from?: number, to?: number): string
}

/** How a dialect looks from the other side: a server reads a client's request, and writes the answer. */
export interface ServerProtocol {
  readonly dialect: Dialect
  /**
   * Reads a request. `path` is without the query; `headers` have lower-case names; `body` is the text of the body.
   *
   * @throws TypeError for a request that is refused; its message says which field is wrong, and what would be right.
   */
  read(call: IncomingCall): ServerCall
  /** A failure before a request could be read. */
  error(error: unknown): ErrorAnswer
}

/** A client's request. */
export interface IncomingCall {
  path: string
  query?: Readonly<Record<string, string>> | undefined
  headers?: Readonly<Record<string, string | undefined>> | undefined
  /** The text of the body, or the parsed document. */
  body: unknown
}

export interface ServerCall {
  request: ChatRequest
  /** Whether the client asks for a stream. */
  stream: boolean
  /** Begins an answer. `created` is in seconds since 1970. */
  answer(options: { id: string; created: number; model: string }): AnswerWriter
  /** A failure before the answer has begun. */
  error(error: unknown): ErrorAnswer
}

export interface ErrorAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** Writes an answer as a client of the dialect reads it: in pieces, or whole when the events end. */
export interface AnswerWriter {
  readonly contentType: string
  /** The bytes, as text, of these events; `''` when there are none yet. `raw` frames of the same dialect are passed on. */
  write(events: readonly ChatEvent[]): string
  /** Keeps an idle connection open; `''` where the client would read it as content. */
  ping(): string
  /** The end of an answer that has failed. */
  fail(error: unknown): string
}
