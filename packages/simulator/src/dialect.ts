import type { Answer } from './answers.ts'
import type { Wishes } from './answers/wishes.ts'
import type { Incoming, Rules } from './incoming.ts'
import type { Message } from './messages.ts'
import type { WireError } from './refusal.ts'

/** A request that was understood. */
export interface Chat {
  /** `''` where none was named: a list of models is asked of no model. */
  readonly model: string
  readonly messages: readonly Message[]
  /** The form in which the answer goes out, in the dialect's own words: 'sse', 'json'. */
  readonly form: string
  /** Whether that form can carry a tool call. */
  readonly tools: boolean
  /** What is asked for besides words, where the dialect can ask. */
  readonly wishes?: Wishes
  /** Nothing is said: the reply is a document, whatever the answer. */
  readonly silent?: boolean
}

/**
 * One write of an answer. The kinds let a fault find its place in any dialect:
 * `open` before content, `content` one token, `finish` the reason, `usage` counts, `end` the dialect's end mark.
 */
export interface Part {
  readonly kind: 'open' | 'content' | 'finish' | 'usage' | 'end'
  readonly bytes: Uint8Array
}

/** What the bytes of an answer are: events, one JSON document a line, one JSON document, or the text itself. */
export type Framing = 'sse' | 'lines' | 'document' | 'text'

/** A whole answer in the dialect's wire form, not yet written. */
export interface Reply {
  readonly contentType: string
  readonly framing: Framing
  readonly parts: readonly Part[]
  /** One document: written at once with a `content-length`, unless a fault takes it apart. */
  readonly whole: boolean
  /** Whether a reader can tell the end of the answer from the end of the body. Without it, only a cut socket tells. */
  readonly endMark: boolean
  /** The finish reason is not enough: without the `end` part an answer is cut. @default false */
  readonly strictEnd?: boolean
  /** An error as it would look in the middle of this answer. */
  error(error: WireError): Uint8Array
}

/** One method on one path. `Asked` is what the dialect itself keeps of a request, from the check to the reply. */
export interface Route<Asked extends Chat = Chat> {
  readonly method: 'GET' | 'POST'
  /** From the dialect's own root: `/v1/models/{model}`. A name in braces stands for what is up to the next `/` or `:`. */
  readonly path: string
  /** What was asked for. Throws a `Refusal` that says which part of the request is wrong. */
  accept(request: Incoming, rules: Rules): Asked
  reply(asked: Asked, answer: Answer, rules: Rules): Reply
}

/** The server side of one chat endpoint: data and pure functions. The server does the rest. */
export interface Dialect {
  readonly id: string
  readonly name: string
  readonly models: readonly string[]
  /** What its clients' base URLs end in, behind the dialect's root: '/v1'. @default '' */
  readonly basePath?: string
  /** The forms that `sim.variant()` can force. */
  readonly variants?: readonly string[]
  /** A credential is required, so the simulator tells which one to use. */
  readonly needsCredential?: boolean
  /** Body fields that are new in each request, so that they do not tell whether two ask the same. */
  readonly freshFields?: readonly string[]
  readonly routes: readonly Route[]
  /** The JSON of an answer that is an error. */
  errorBody(error: WireError): unknown
}
