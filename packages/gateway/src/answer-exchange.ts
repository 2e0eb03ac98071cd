import type { ChatError } from '@rivulet/core'
import { ChildAbort } from '@rivulet/core/provider'
import { type Asked, type GatewayState, sendFailure, type UnderWay } from './call.ts'
import type { ClientDialect, ClientDialectName } from './dialects.ts'
import type { Exchange } from './exchange.ts'
import type { Door, Visitor } from './keys/door.ts'
import { fingerprintOf } from './keys/key.ts'
import { credentialOf, credentialsFor, KEY_HEADER, type SentCredential } from './request/credential.ts'
import { checkOrigin } from './request/origin.ts'
import { Refused } from './request/refused.ts'
import { CLIENT_ROWS, endpointOf, OPERATION_ROWS, type Route, routeOf, type Row } from './routes.ts'

/** What is served: a request is answered to its end by what was served when it came. */
export interface Gateway extends GatewayState {
  readonly dialects: Readonly<Record<ClientDialectName, ClientDialect>>
  readonly door: Door
  /** Of what stands for a client's credential. */
  readonly salt: string
}

/** How a server offers a gateway. */
export interface Offer {
  readonly rows: readonly Row[]
  /** It takes no new request. */
  readonly isDraining: () => boolean
  /** Whether a `Host` is the server's. */
  readonly isOwn: (host: string | undefined) => boolean
  /** The requests under way that have come in here. */
  readonly underWay?: UnderWay
}

/** What a server offers that is mounted in another one. */
export const EVERYTHING: Offer = {
  rows: [...CLIENT_ROWS, ...OPERATION_ROWS],
  isDraining: () => false,
  isOwn: () => true,
}

/**
 * Answers one request, from its head to its end, the same way on every server and in every dialect: the client, its rights, then
 * what is asked. Never rejects.
 */
export async function answerExchange(exchange: Exchange, gateway: Gateway, offer = EVERYTHING): Promise<void> {
  const route = routeOf(exchange.path, offer.rows)
  const requestId = `req_${crypto.randomUUID().replaceAll('-', '')}`
  const dialect = route?.dialect ?? 'chat'
  const operation = route?.operation
  const watch = isOperator(operation)
    ? undefined
    : gateway.watch({ requestId, dialect, operation, traceparent: parentIn(exchange) })
  const asked: Asked = { exchange, dialect: gateway.dialects[dialect], requestId, watch }
  const secrets: string[] = []
  try {
    if (!offer.isOwn(exchange.headers.host)) throw new Refused(403, 'the host of the request is not this server')
    checkOrigin(exchange)
    const credential = credentialOf(exchange)
    for (const secret of [credential?.key, exchange.headers[KEY_HEADER]]) {
      if (secret === undefined || !(gateway.door.isGuarded || secret.length >= MIN_SECRET)) continue
      secrets.push(secret)
      watch?.keepSecret(secret)
    }
    if (!isOperator(operation)) checkRoom(gateway, offer)
    await answerRoute(asked, gateway, { route, credential, offer })
  } catch (error) {
    if (exchange.left.aborted) return
    try {
      sendFailure(asked, error, secrets)
    } catch {
      // Not even the refusal can be sent: the client must not wait for ever.
      exchange.drop()
    }
  } finally {
    watch?.ended(exchange.left.aborted)
  }
}

/** What opens nothing and is shorter, as the `any` of an agent that wants a credential, is in many texts by chance. */
const MIN_SECRET = 8

/** The header `traceparent`; `undefined` for anything but two ids and flags. */
const parentIn = ({ headers: { traceparent = '' } }: Exchange): string | undefined =>
  /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(traceparent) ? traceparent : undefined

/** Requests of operators are answered at all times, and no observer is told of them. */
const isOperator = (operation: Route['operation'] | undefined): operation is 'health' | 'metrics' =>
  operation === 'health' || operation === 'metrics'

/** @throws Refused 503 for a request that comes too late, or is one too many. */
function checkRoom({ underWay, settings }: Gateway, { isDraining }: Offer): void {
  if (isDraining()) throw new Refused(503, 'the server closes: ask again', { connection: 'close', 'retry-after': '1' })
  if (underWay.size >= settings.maxConcurrent) {
    throw new Refused(503, 'the server has as many requests under way as it may', { 'retry-after': '1' })
  }
}

interface Arrived {
  readonly route: Route | undefined
  readonly credential: SentCredential | undefined
  readonly offer: Offer
}

async function answerRoute(asked: Asked, gateway: Gateway, { route, credential, offer }: Arrived): Promise<void> {
  const { exchange } = asked
  const { underWay, door, settings } = gateway
  // What is sent where credentials are is for this provider, and not for the door.
  const client = isOperator(route?.operation) ? undefined : settings.client
  const abort = new ChildAbort().follow(exchange.left)
  const end = (reason: ChatError): void => {
    abort.abort(reason)
  }
  // Counted from here on: also while its key is looked up.
  underWay.add(end)
  offer.underWay?.add(end)
  try {
    const knock = (): Promise<Visitor> =>
      client === undefined ? door.admit(credential?.key) : door.admit(exchange.headers[KEY_HEADER], `${KEY_HEADER}:`)
    const visitor = route?.isOpen === true ? undefined : await knock()
    try {
      if (route === undefined) throw new Refused(404, `there is nothing at ${exchange.path.slice(0, 100)}`)
      const endpoint = endpointOf(route, exchange.method)
      const { id } = visitor ?? GREETED
      const isPassedOn = client !== undefined && visitor !== undefined
      await endpoint({
        ...asked,
        state: gateway,
        visitor: visitor ?? GREETED,
        credentials: isPassedOn ? credentialsFor(client, credential, asked) : undefined,
        owner: isPassedOn ? `${id}:${await fingerprintOf(gateway.salt, credential?.key)}` : id,
        signal: abort.signal,
        isDraining: offer.isDraining(),
        params: route.params(),
      })
    } finally {
      visitor?.leave()
    }
  } finally {
    underWay.delete(end)
    offer.underWay?.delete(end)
    abort.release()
  }
}

/** Whoever asks for no more than whether a server is here. */
const GREETED = { id: '', hold: undefined, may: () => false, leave: () => undefined }
