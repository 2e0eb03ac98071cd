import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ChatError } from '@rivulet/core'
import { checkOptions } from '@rivulet/core/provider'
import { answerExchange, EVERYTHING, type Gateway, type Offer } from '../answer-exchange.ts'
import type { UnderWay } from '../call.ts'
import { isOwnHost } from '../request/origin.ts'
import { CLIENT_ROWS, OPERATION_ROWS, type Row } from '../routes.ts'
import type { Hosts } from './hosts.ts'
import { NodeExchange } from './node-exchange.ts'

export interface ListenOptions {
  /** The address to listen on. One that other machines reach needs `keys`. @default '127.0.0.1' */
  host?: string | undefined
  /** `0` takes a free one. @default 4411 */
  port?: number | undefined
  /** Names by which clients call this server, besides its address and `localhost`. @default none */
  hosts?: readonly string[] | undefined
  /**
   * An address of its own for operators: `/health/…`, and `/metrics` without a key, which the main address then does not have. Its
   * host is `'127.0.0.1'` by default; other machines that reach it can read the metrics. @default `/metrics` is at the main address,
   * and asks for a key
   */
  observe?: { host?: string | undefined; port: number } | undefined
}

const OPTIONS: Readonly<Record<keyof ListenOptions, true>> = { host: true, port: true, hosts: true, observe: true }

export interface Listening {
  /** `'http://127.0.0.1:4411'` */
  readonly url: string
  /** Where `observe` listens. */
  readonly observeUrl: string | undefined
  /**
   * Takes no new request, lets those under way end, and ends the rest as failed in their dialect. Meanwhile `/health/ready` is a
   * 503. Called again, it may leave them less time.
   *
   * @param options `drainMs`: how long they may take. @default 10_000. `moves`: the gateway goes on at another address, so that
   * `observe` need not tell of the end, and its port is free at once. @default false
   */
  readonly close: (options?: { drainMs?: number | undefined; moves?: boolean | undefined }) => Promise<void>
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
export async function listen(served: () => Gateway, hosts: Hosts, options: ListenOptions = {}): Promise<Listening> {
  checkOptions('listen', options, OPTIONS)
  const { host = '127.0.0.1', port = 4411, hosts: names = [], observe } = options
  if (observe !== undefined) checkOptions('listen: observe', observe, { host: true, port: true })
  let isClosing = false
  const isDraining = (): boolean => isClosing
  const underWay: UnderWay = new Set()
  const open = async (address: { host: string; port: number }, rows: readonly Row[]): Promise<Bound> => {
    const isOwn = (name: string | undefined): boolean => isOwnHost(name, address.host, names)
    return bound(served, { rows, isDraining, isOwn, underWay }, address)
  }
  const leave = hosts.enter(host, served().door)
  const { host: observeHost = '127.0.0.1', port: observePort = 0 } = observe ?? {}
  let main: Bound | undefined
  let beside: Bound | undefined
  try {
    main = await open({ host, port }, observe === undefined ? EVERYTHING.rows : [...CLIENT_ROWS, ...HEALTH_ROWS])
    beside = observe && (await open({ host: observeHost, port: observePort }, OPEN_ROWS))
  } catch (error) {
    leave()
    if (main !== undefined) await closed(main.server)
    throw error
  }
  const { server, url } = main
  const isClosed = new Promise<void>((resolve) => {
    server.once('close', resolve)
  })
  const { clock } = served().settings
  return {
    url,
    observeUrl: beside?.url,
    async close({ drainMs = 10_000, moves = false } = {}) {
      isClosing = true
      if (moves) void gone(beside)
      leave()
      const cancelEnd = clock.after(drainMs, () => {
        for (const end of underWay) end(new ChatError('overloaded', 'the server closes: ask again'))
      })
      const cancelAll = clock.after(drainMs + LAST_MS, () => {
        server.closeAllConnections()
      })
      void closed(server)
      await isClosed
      cancelEnd()
      cancelAll()
      // Until here, it says that the server drains.
      await gone(beside)
    },
  }
}

const HEALTH_ROWS = OPERATION_ROWS.filter(({ isOpen }) => isOpen)
const OPEN_ROWS = OPERATION_ROWS.map((row) => ({ ...row, isOpen: true }))

/** A server that listens. */
interface Bound {
  readonly server: Server
  readonly url: string
}

async function bound(served: () => Gateway, offer: Offer, address: { host: string; port: number }): Promise<Bound> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request: IncomingMessage, response: ServerResponse) => {
      // A connection on which an answer has ended is idle, but only after this event.
      response.on('close', () => {
        if (!server.listening)
          setImmediate(() => {
            server.closeIdleConnections()
          })
      })
      void answerExchange(new NodeExchange(request, response), served(), offer)
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A server on a TCP port has an address object.
  const { address: own, port, family } = server.address() as AddressInfo
  return { server, url: `http://${family === 'IPv6' ? `[${own}]` : own}:${port}` }
}

/** Ends also what is under way. */
async function gone(bound: Bound | undefined): Promise<void> {
  if (bound?.server.listening !== true) return
  const isGone = closed(bound.server)
  bound.server.closeAllConnections()
  await isGone
}

/** Takes no new connection. @returns Resolves when every connection has ended. */
function closed(server: Server): Promise<void> {
  const isClosed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  server.closeIdleConnections()
  return isClosed
}
