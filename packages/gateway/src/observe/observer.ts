import type { AttemptReport, ErrorCode, FinishReason, Usage } from '@rivulet/core'
import type { HoldMode } from '../answer/hold.ts'
import type { ClientDialectName } from '../dialects.ts'

/** What a path is for. `'chat'` and `'embeddings'` ask a model. Of requests for health and metrics, observers are not told. */
export type Operation = 'chat' | 'embeddings' | 'models' | 'hello' | 'not-served'

/**
 * Watches requests: for metrics, traces and logs. It gets metadata only: no body, no text of a question, an answer or an error, no
 * credential, no path, no query. What it throws is ignored, and nothing waits for a promise that it returns.
 *
 * @example
 * const slow: GatewayObserver = {
 *   request: ({ requestId }) => ({
 *     ended({ outcome, totalMs }) {
 *       if (totalMs > 60_000) console.log(requestId, outcome, totalMs)
 *     },
 *   }),
 * }
 */
export interface GatewayObserver {
  /** Called when a request arrives. @returns An observer of this one; `undefined` for none. */
  request(arrival: Arrival): RequestObserver | undefined
  /** The text that it shows at `/metrics`. When it fails, the answer is a 500. */
  page?(): Promise<ObserverPage>
}

/** A text for monitoring systems, which read it again and again. */
export interface ObserverPage {
  readonly contentType: string
  readonly text: string
}

/** A request of which nothing but its head is known. */
export interface Arrival {
  /** The answer's `x-request-id`. */
  readonly requestId: string
  /** Whose client asks, by its path. */
  readonly dialect: ClientDialectName
  /** `undefined`: there is nothing at its path. */
  readonly operation: Operation | undefined
  /** The span that it belongs to, by W3C Trace Context. Its `tracestate` is left out: it could be any text. */
  readonly traceparent: string | undefined
}

/** Watches one request. {@link RequestObserver.ended} is called last. */
export interface RequestObserver {
  /** The client may ask, and what it asks is known. */
  asked?(question: Question): void
  /** An attempt of the provider is over: of each member of a group, and of each retry. */
  attempt?(attempt: Attempt): void
  /**
   * The first content is written to the client.
   *
   * @param ms Since the request arrived.
   * @param provider The member that answers.
   */
  firstContent?(ms: number, provider: string): void
  /**
   * More content is written to the client; called for each piece.
   *
   * @param ms Since the piece before.
   */
  chunk?(ms: number, provider: string): void
  /** The request has ended, in whatever way. Called for each request that has arrived. */
  ended?(end: RequestEnd): void
}

/** What is asked, without its words. */
export interface Question {
  /** As the client names it, at most 200 characters: a client can name any. */
  readonly model: string
  /** The model of the provider's list that is meant; `undefined` for one that is not on it. Of these there are few. */
  readonly listed: string | undefined
  readonly stream: boolean
  /** How much of the answer is held back; one that is not streamed is always held whole. */
  readonly hold: HoldMode
  /** The id of the client's key; `undefined` where none is asked for. */
  readonly key: string | undefined
}

/** One attempt, without the words of its failure. Times are in milliseconds. */
export interface Attempt extends Omit<AttemptReport, 'error'> {
  /** Why it failed. */
  readonly code?: ErrorCode | undefined
  /** The HTTP status of the endpoint that refused. */
  readonly status?: number | undefined
}

/** How a request ended. Times are in milliseconds. */
export interface RequestEnd {
  /**
   * `'answered'`: whole. `'refused'`: with a status in the place of an answer. `'failed'`: the answer had begun, and its failure
   * was told in it. `'left'`: the client left, or was dropped because it took nothing.
   */
  readonly outcome: 'answered' | 'refused' | 'failed' | 'left'
  /** The HTTP status; `undefined` when the client left before it. */
  readonly status: number | undefined
  /** Why the answer is not whole, where a provider failed. */
  readonly code: ErrorCode | undefined
  readonly finish: FinishReason | undefined
  /** The member that answered, and its model as it names it, at most 200 characters. */
  readonly provider: string | undefined
  readonly model: string | undefined
  /** Of all attempts that spent tokens, as far as they are told. */
  readonly usage: Usage | undefined
  /** How many times a provider was asked, as far as it tells: a group and a single provider do, and embeddings do not. */
  readonly attempts: number
  /** Names of what was left out of the request. */
  readonly dropped: readonly string[]
  /** From the arrival to the first content for the client. */
  readonly firstContentMs: number | undefined
  /** From asking the provider to its first content; the rest of `firstContentMs` is the gateway's own, and what was held. */
  readonly upstreamMs: number | undefined
  readonly totalMs: number
}
