/** A wire dialect: pure functions, no I/O, no clock, no `await`. Types only. */

import type { ChatEvent, ChatRequest } from './chat.ts'
import type { ErrorCode } from './error-codes.ts'

/** How a dialect encodes a request and decodes an answer. `httpProvider()` does everything else. */
export interface Protocol {
  /** The request on the wire. `path` begins with `/` and is appended to the provider's base URL. */
  encode(request: ChatRequest): EncodedRequest
  /** How the body is split into frames. `contentType` is lower-case and without parameters; `''` when there is none. */
  framing(contentType: string): Framing
  /**
   * Decodes the frames of one response; keep state in the closure. `end()` is called when the body ends before a `finish`
   * was emitted: emit the `finish` there, or throw `truncated`. Throw every failure as a `ChatError`.
   */
  decode(emit: (event: DecodedEvent) => void): Decoder
  /**
   * How long a silence lasts that ends an answer whose decoder says that it may end, in milliseconds: for endpoints that leave
   * out their end mark and keep the connection open. `'idleMs'` is as long as the deadline of that name.
   * @default the connection's end alone ends it
   */
  endsAfterMs?: number | 'idleMs' | undefined
  /**
   * Reads an error body, as parsed JSON or as text. Fields that it leaves out follow from the status and the headers.
   * `retryAfterMs` is for endpoints that send it in the body; a header takes precedence.
   */
  decodeError?(status: number, body: unknown): { code?: ErrorCode; message?: string; retryAfterMs?: number }
}

export interface EncodedRequest {
  path: string
  /** Serialized as JSON. */
  body: unknown
  headers?: Record<string, string> | undefined
}

/** What a decoder emits: a `ChatEvent`, but `start` has no provider yet. A decoder may leave out the `start`. */
export type DecodedEvent =
  | Exclude<ChatEvent, { type: 'start' }>
  | { type: 'start'; model?: string | undefined; id?: string | undefined }

export interface Decoder extends Sink<Frame> {
  /** The endpoint has said why the answer ends, but not yet that it ends: the body's end, or a silence, now ends it. */
  readonly mayEnd?: boolean | undefined
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
