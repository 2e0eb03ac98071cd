import type { Socket } from 'node:net'
import type { Agent, buildConnector, Client, Dispatcher, Pool } from 'undici'
import { checkNode } from './check-node.ts'

export interface PoolOptions {
  connections: number | null
  allowH2: boolean
  keepAliveTimeout?: number
  /** `undefined`: the environment's; `false`: none. */
  proxy: string | false | undefined
}

/** A handler that learns the connection of its request. */
export interface OnConnection {
  /** The request waits for its connection now, and no longer for another request to end. */
  onConnecting(): void
  /** @param reused The connection has carried a request before, so the server may have closed it meanwhile. */
  onConnection(connection: Connection, reused: boolean): void
}

export interface Connection {
  /** Closes the connection if it is not established yet; otherwise does nothing. */
  abandon(): void
}

type Handler = Dispatcher.DispatchHandler & OnConnection

export interface ConnectionPool {
  dispatch(options: Dispatcher.DispatchOptions, handler: Handler): void
  /** Sends on a new connection, and closes it afterwards. */
  dispatchOnNewConnection(options: Dispatcher.DispatchOptions, handler: Handler): void
}

/** Makes a dispatcher a pool. It does not say which connections were used before, so no request is sent twice. */
export function poolFrom(dispatcher: Pick<Dispatcher, 'dispatch'>): ConnectionPool {
  const dispatch = (request: Dispatcher.DispatchOptions, handler: Handler): void => {
    handler.onConnecting()
    dispatcher.dispatch(request, handler)
  }
  return { dispatch, dispatchOnNewConnection: dispatch }
}

/**
 * undici's pool with two additions: it tells whether a connection is a kept-alive one, which may be dead, and it can abandon a
 * connection attempt, which would otherwise keep the process alive until the system's timeout. Loads undici and reads the
 * proxies from the environment, at the first request.
 *
 * @throws ChatError `unsupported` in a Node that is too old for undici.
 */
export async function openPool({ proxy, ...options }: PoolOptions): Promise<ConnectionPool> {
  checkNode(process.versions.node)
  const undici = await import('undici')

  /** One connection of the pool. */
  class TrackedClient extends undici.Client implements Connection {
    readonly #connecting: { socket?: Socket | undefined }
    #requests = 0

    constructor(origin: string | URL, { connect, ...rest }: Client.Options) {
      const connecting: { socket?: Socket | undefined } = {}
      // undici's connector returns its socket, although its type does not say so.
      const connector = (typeof connect === 'function' ? connect : undici.buildConnector(connect ?? {})) as unknown as (
        ...args: Parameters<buildConnector.connector>
      ) => Socket
      super(origin, {
        ...rest,
        connect: (target, done) => {
          connecting.socket = connector(target, (...outcome) => {
            connecting.socket = undefined
            done(...outcome)
          })
        },
      })
      this.#connecting = connecting
      this.on('disconnect', () => {
        this.#requests = 0
      })
    }

    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      const reused = this.#requests++ > 0
      if ('onConnection' in handler) {
        ;(handler as Handler).onConnecting()
        ;(handler as Handler).onConnection(this, reused)
      }
      return super.dispatch(options, handler)
    }

    abandon(): void {
      this.#connecting.socket?.destroy(new Error('abandoned while connecting'))
    }
  }

  const settings: Agent.Options & Pool.Options = {
    ...options,
    // For connection attempts without a waiting request; `connectMs` ends the others.
    connect: { timeout: 30_000, allowH2: options.allowH2 },
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  const clientFor = (origin: string | URL, options: object): TrackedClient => new TrackedClient(origin, options)
  const agent = new undici.Agent({
    ...settings,
    factory: (origin, options) => new undici.Pool(origin, Object.assign({}, options, { factory: clientFor })),
  })
  const direct: ConnectionPool = {
    dispatch: (request, handler) => agent.dispatch(request, handler),
    dispatchOnNewConnection(request, handler) {
      const client = clientFor(String(request.origin), { ...settings, connections: undefined })
      client.dispatch(request, handler)
      // Closes after the response.
      client.close().catch(() => undefined)
    },
  }
  // The connect options are for endpoints; connections to a proxy use undici's defaults.
  const { connect: _, ...throughProxy } = settings
  if (typeof proxy === 'string') return poolFrom(new undici.ProxyAgent({ ...throughProxy, uri: proxy }))
  if (proxy === false || !namesProxy(process.env)) return direct
  return exceptLoopback(direct, poolFrom(new undici.EnvHttpProxyAgent(throughProxy)))
}

/** Whether the environment has a variable that undici's `EnvHttpProxyAgent` reads; it applies `NO_PROXY` itself. */
const namesProxy = (environment: NodeJS.ProcessEnv): boolean =>
  ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].some((name) => (environment[name] ?? '') !== '')

const LOOPBACK = /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/

/** Bypasses the environment's proxy for a server on this machine, as Go does and users of curl expect. */
function exceptLoopback(direct: ConnectionPool, proxied: ConnectionPool): ConnectionPool {
  const poolFor = ({ origin }: Dispatcher.DispatchOptions): ConnectionPool =>
    LOOPBACK.test(String(origin)) ? direct : proxied
  return {
    dispatch(request, handler) {
      poolFor(request).dispatch(request, handler)
    },
    dispatchOnNewConnection(request, handler) {
      poolFor(request).dispatchOnNewConnection(request, handler)
    },
  }
}
