/** A wire dialect: pure functions, no I/O, no clock, no `await`. Types only. */

import type { ChatEvent, ChatRequest } from './chat.ts'
import type { ErrorCode } from './error-codes.ts'

/** How a dialect spells a request and reads an answer. `httpProvider()` does everything else. */
export interface Protocol {
  /** The request on the wire. `path` begins with `/` and is put behind the provider's base URL. */
  encode(request: ChatRequest): EncodedRequest
  /** How the body is cut into frames. `contentType` is lower-case and without parameters; `''` when there is none. */
  framing(contentType: string): Framing
  /**
   * Reads the frames of one response; state is a closure. `end()` is called when the body ended before a `finish` was
   * emitted: it emits the `finish` or throws `truncated`. A failure is thrown as a `ChatError`.
   */
  decode(emit: (event: DecodedEvent) => void): Sink<Frame>
  /**
   * What an error body says; what is left out follows from the status and the headers. `body` is parsed JSON, or text.
   * `retryAfterMs` is for endpoints that say it in the body; the header goes before.
   */
  decodeError?(status: number, body: unknown): { code?: ErrorCode; message?: string; retryAfterMs?: number }
}

export interface EncodedRequest {
  path: string
  /** Serialized as JSON. */
  body: unknown
  headers?: Record<string, string> | undefined
}

/** What a decoder emits: a `ChatEvent` whose `start` has no provider yet. A `start` may be left out. */
export type DecodedEvent =
  | Exclude<ChatEvent, { type: 'start' }>
  | { type: 'start'; model?: string | undefined; id?: string | undefined }

export interface Sink<T> {
  push(item: T): void
  end(): void
}

/** Bytes as the network cuts them in, frames as the dialect means them out. */
export type Framing = (out: Sink<Frame>) => Sink<Uint8Array>

/**
 * One message of the body: an SSE event's data, a line, a document. It is a range of a buffer and not a view of its
 * own, because making a view costs as much as scanning the line. Valid only during the `push()` that brings it.
 */
export interface Frame {
  /** The SSE event type, when there is one. */
  readonly event: string | undefined
  readonly buffer: Uint8Array
  /** First byte of the frame in `buffer`. */
  readonly start: number
  /** First byte behind the frame in `buffer`. */
  readonly end: number
  /** The bytes as UTF-8 text, all of them or from `from` to `to` (places in `buffer`). */
  text(from?: number, to?: number): string
}
