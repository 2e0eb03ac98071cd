import type { Answer } from './answers.ts'
import type { GenerationOptions } from './answers/generation-options.ts'
import type { IncomingRequest, Rules } from './incoming-request.ts'
import type { Message } from './messages.ts'
import type { WireError } from './request-error.ts'

/** A request that passed the checks. */
export interface Chat {
  /** `''` if the request names none, such as a list of models. */
  readonly model: string
  readonly messages: readonly Message[]
  /** The answer format, in the dialect's own terms: 'sse', 'json'. */
  readonly form: string
  /** Whether that format can carry a tool call. */
  readonly tools: boolean
  /** Options that change the answer, in dialects that have them. */
  readonly options?: GenerationOptions
  /** The reply is a document that contains no chat answer. */
  readonly documentOnly?: boolean
}

/**
 * One write of an answer. The kind lets a fault find its position in any dialect: `open` precedes content, `content` is
 * one token, `finish` the finish reason, `usage` the token counts, `end` the dialect's end mark.
 */
export interface Part {
  readonly kind: 'open' | 'content' | 'finish' | 'usage' | 'end'
  readonly bytes: Uint8Array
}

/** How the body of an answer is framed: SSE events, one JSON document per line, one JSON document, or plain text. */
export type Framing = 'sse' | 'lines' | 'document' | 'text'

/** A complete answer in the dialect's wire format, not yet written. */
export interface Reply {
  readonly contentType: string
  readonly framing: Framing
  readonly parts: readonly Part[]
  /** One document: written at once with a `content-length`, unless a fault splits it. */
  readonly isDocument: boolean
  /** Whether the answer marks its own end. Without a mark, only a broken connection reveals a truncated answer. */
  readonly endMark: boolean
  /** An answer without its `end` part counts as truncated even after a finish reason. @default false */
  readonly strictEnd?: boolean
  /** An error in the format that it has in the middle of this answer. */
  error(error: WireError): Uint8Array
}

/** One method on one path. `Accepted` is what the dialect keeps of a checked request for the reply. */
export interface Route<Accepted extends Chat = Chat> {
  readonly method: 'GET' | 'POST'
  /** Relative to the dialect's root: `/v1/models/{model}`. A name in braces matches up to the next `/` or `:`. */
  readonly path: string
  /** Checks a request. Throws a `RequestError` that names the wrong part of it. */
  accept(request: IncomingRequest, rules: Rules): Accepted
  reply(accepted: Accepted, answer: Answer, rules: Rules): Reply
}

/** The server side of one chat endpoint, as data and pure functions; the server does the I/O. */
export interface Dialect {
  readonly id: string
  readonly name: string
  readonly models: readonly string[]
  /** The end of its clients' base URLs, after the dialect's root: '/v1'. @default '' */
  readonly basePath?: string
  /** The answer formats that `sim.variant()` can force. */
  readonly variants?: readonly string[]
  /** A credential is required; `DialectInfo` says which one to use. */
  readonly needsCredential?: boolean
  /** Body fields that differ in every request; ignored when repeated requests are counted. */
  readonly volatileFields?: readonly string[]
  readonly routes: readonly Route[]
  /** The JSON body of an error answer. */
  errorBody(error: WireError): unknown
}
