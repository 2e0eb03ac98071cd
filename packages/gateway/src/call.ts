import type { CallOptions, ChatError, Provider } from '@rivulet/core'
import { type ErrorAnswer, redact } from '@rivulet/core/provider'
import { failureAnswer, publicFailure } from './answer/final-failure.ts'
import type { ClientDialect } from './dialects.ts'
import { type Exchange, sendWhole } from './exchange.ts'
import type { Visitor } from './keys/door.ts'
import type { BeginWatch, RequestWatch } from './observe/request-watch.ts'
import type { Settings } from './options.ts'
import { Refused, refusalIn, Stated } from './request/refused.ts'

/** What every request finds. */
export interface GatewayState {
  readonly provider: Provider
  readonly settings: Settings
  readonly watch: BeginWatch
  /** The requests under way, of the services before it too. */
  readonly underWay: UnderWay
}

/** Requests under way: each can be ended. */
export type UnderWay = Set<(reason: ChatError) => void>

/** A request of which nothing but its dialect is known yet. */
export interface Asked {
  readonly exchange: Exchange
  readonly dialect: ClientDialect
  readonly requestId: string
  /** Tells the observers; `undefined` where there are none. */
  readonly watch: RequestWatch | undefined
}

/** One request of a client that may ask. */
export interface Call extends Asked {
  readonly state: GatewayState
  readonly visitor: Visitor
  /** What the client has sent for a provider, in place of the provider's own. */
  readonly credentials: CallOptions['credentials']
  /** Tells its client from all others: of the key, and of the credential. */
  readonly owner: string
  /** Aborts when the client leaves, and when the gateway closes: then with a `ChatError`. */
  readonly signal: AbortSignal
  /** The server that has the request takes no more. */
  readonly isDraining: boolean
  /** The parts of the path that the route names, decoded. */
  readonly params: Readonly<Record<string, string>>
}

/** Headers that every answer has. */
export const commonHeaders = ({ dialect, requestId }: Asked): Record<string, string> => ({
  'cache-control': 'no-store',
  'x-request-id': requestId,
  [dialect.requestIdHeader]: requestId,
})

/** Answers in JSON. */
export function sendJson(asked: Asked, document: object, status = 200): void {
  const headers = { 'content-type': 'application/json', ...commonHeaders(asked) }
  asked.watch?.began(status)
  sendWhole(asked.exchange, { status, headers, body: JSON.stringify(document) })
}

/**
 * Says in the client's dialect why there is no answer. A secret that the client has sent is not said back.
 *
 * @param secrets Those of the request.
 */
export function sendFailure(asked: Asked, error: unknown, secrets: readonly string[]): void {
  const { exchange, dialect, requestId, watch } = asked
  const { status, headers, body } = answerTo(error, dialect)
  const named = dialect.namesRequest ? `${body.slice(0, -1)},"request_id":${JSON.stringify(requestId)}}` : body
  watch?.began(status)
  sendWhole(exchange, {
    status,
    headers: { ...headers, ...commonHeaders(asked) },
    body: secrets.length === 0 ? named : redact(named, secrets),
  })
}

function answerTo(error: unknown, dialect: ClientDialect): ErrorAnswer {
  if (error instanceof Stated) return error.answer
  if (error instanceof Refused) return refusalIn(dialect.server, error)
  const failure = publicFailure(error)
  return failureAnswer(failure, dialect, dialect.server.error(failure))
}
