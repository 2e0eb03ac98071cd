import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ChatError } from '@rivulet/core'
import { checkOptions } from '@rivulet/core/provider'
import { answerExchange, type Gateway } from '../answer-exchange.ts'
import { isLoopback, isOwnHost } from '../request/origin.ts'
import { Refused } from '../request/refused.ts'
import { NodeExchange } from './node-exchange.ts'

export interface ListenOptions {
  /** The address to listen on. One that other machines reach needs `keys`. @default '127.0.0.1' */
  host?: string | undefined
  /** `0` takes a free one. @default 4411 */
  port?: number | undefined
  /** Names by which clients call this server, besides its address and `localhost`. @default none */
  hosts?: readonly string[] | undefined
}

const OPTIONS: Readonly<Record<keyof ListenOptions, true>> = { host: true, port: true, hosts: true }

export interface Listening {
  /** `'http://127.0.0.1:4411'` */
  readonly url: string
  /**
   * Takes no new request, lets those under way end, and ends the rest as failed in their dialect.
   *
   * @param options `drainMs`: how long they may take. @default 10_000
   */
  readonly close: (options?: { drainMs?: number | undefined }) => Promise<void>
}

/** Of headers together: tokens are long, and 16 KiB, Node's own bound, is too few for some. */
const MAX_HEADER_BYTES = 65_536
const HEADERS_MS = 20_000
/** Of a whole request. */
const REQUEST_MS = 120_000
/** Longer than clients keep an idle connection: whoever closes first must not be the server. */
const KEEP_ALIVE_MS = 75_000
/** For the ends of answers to arrive. */
const LAST_MS = 1_000

/** @throws TypeError for an option that is unknown or invalid, and for a public address without keys. */
export async function listen(gateway: Gateway, options: ListenOptions = {}): Promise<Listening> {
  checkOptions('listen', options, OPTIONS)
  const { host = '127.0.0.1', port = 4411, hosts = [] } = options
  if (!isLoopback(host) && !gateway.door.isGuarded) {
    throw new TypeError(`listen: other machines reach ${host}: give the gateway keys, or listen on 127.0.0.1.`)
  }
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request: IncomingMessage, response: ServerResponse) => {
      // A connection on which an answer has ended is idle, but only after this event.
      response.on('close', () => isClosing && setImmediate(closeIdle))
      void answerExchange(new NodeExchange(request, response), gateway, () => {
        if (isClosing)
          throw new Refused(503, 'the server closes: ask again', { connection: 'close', 'retry-after': '1' })
        if (!isOwnHost(request.headers.host, host, hosts))
          throw new Refused(403, 'the host of the request is not this server')
      })
    },
  )
  const closeIdle = (): void => {
    server.closeIdleConnections()
  }
  let isClosing = false
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A server on a TCP port has an address object.
  const { address, port: own, family } = server.address() as AddressInfo
  const { clock } = gateway.settings
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${own}`,
    async close({ drainMs = 10_000 } = {}) {
      isClosing = true
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
      })
      closeIdle()
      const endAll = (): void => {
        for (const end of gateway.underWay) end(new ChatError('overloaded', 'the server closes: ask again'))
      }
      const cancelEnd = clock.after(drainMs, endAll)
      const cancelAll = clock.after(drainMs + LAST_MS, () => {
        server.closeAllConnections()
      })
      await closed
      cancelEnd()
      cancelAll()
    },
  }
}
