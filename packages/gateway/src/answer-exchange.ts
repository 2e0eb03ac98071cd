import type { ChatError } from '@rivulet/core'
import { ChildAbort } from '@rivulet/core/provider'
import { type Asked, type GatewayState, sendFailure } from './call.ts'
import type { ClientDialect, ClientDialectName } from './dialects.ts'
import type { Exchange } from './exchange.ts'
import type { Door } from './keys/door.ts'
import { credentialOf } from './request/credential.ts'
import { checkOrigin } from './request/origin.ts'
import { Refused } from './request/refused.ts'
import { endpointOf, type Route, routeOf } from './routes.ts'

export interface Gateway extends GatewayState {
  readonly dialects: Readonly<Record<ClientDialectName, ClientDialect>>
  readonly door: Door
}

/**
 * Answers one request, from its head to its end, the same way on every server and in every dialect: the client, its rights, then
 * what is asked. Never rejects.
 *
 * @param checkHost Refuses a `Host` that is not the server's.
 */
export async function answerExchange(exchange: Exchange, gateway: Gateway, checkHost?: () => void): Promise<void> {
  const route = routeOf(exchange.path)
  const requestId = `req_${crypto.randomUUID().replaceAll('-', '')}`
  const { traceparent, tracestate } = exchange.headers
  const dialect = route?.dialect ?? 'chat'
  const watch = gateway.watch({ requestId, dialect, operation: route?.operation, traceparent, tracestate })
  const asked: Asked = { exchange, dialect: gateway.dialects[dialect], requestId, watch }
  const secrets: string[] = []
  try {
    checkHost?.()
    checkOrigin(exchange)
    const credential = credentialOf(exchange)
    if (credential !== undefined) {
      secrets.push(credential)
      watch?.keepSecret(credential)
    }
    await answerRoute(asked, gateway, route, credential)
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

async function answerRoute(
  asked: Asked,
  gateway: Gateway,
  route: Route | undefined,
  credential: string | undefined,
): Promise<void> {
  const { exchange } = asked
  const { underWay, settings, door } = gateway
  if (underWay.size >= settings.maxConcurrent) {
    throw new Refused(503, 'the server has as many requests under way as it may', { 'retry-after': '1' })
  }
  const abort = new ChildAbort().follow(exchange.left)
  const end = (reason: ChatError): void => {
    abort.abort(reason)
  }
  // Counted from here on: also while its key is looked up.
  underWay.add(end)
  try {
    const visitor = route?.isOpen === true ? undefined : await door.admit(credential)
    try {
      if (route === undefined) throw new Refused(404, `there is nothing at ${exchange.path.slice(0, 100)}`)
      const endpoint = endpointOf(route, exchange.method)
      await endpoint({
        ...asked,
        state: gateway,
        visitor: visitor ?? GREETED,
        signal: abort.signal,
        params: route.params(),
      })
    } finally {
      visitor?.leave()
    }
  } finally {
    underWay.delete(end)
    abort.release()
  }
}

/** Whoever asks for no more than whether a server is here. */
const GREETED = { id: '', hold: undefined, may: () => false, leave: () => undefined }
