import type { Socket } from 'node:net'
import type { Agent, buildConnector, Client, Dispatcher, Pool } from 'undici'

export interface PoolOptions {
  connections: number | null
  allowH2: boolean
  keepAliveTimeout?: number
  /** `undefined`: as the environment says; `false`: none. */
  proxy: string | false | undefined
}

/** A request that wants to know about the connection it goes out on. */
export interface OnConnection {
  /** @param reused It has carried a request before: the other side may have closed it meanwhile. */
  onConnection(connection: Connection, reused: boolean): void
}

export interface Connection {
  /** Gives it up when it is not established yet; otherwise does nothing. */
  abandon(): void
}

type Handler = Dispatcher.DispatchHandler & OnConnection

export interface ConnectionPool {
  dispatch(options: Dispatcher.DispatchOptions, handler: Handler): void
  /** Sends on a connection of its own, and closes it afterwards. */
  dispatchAfresh(options: Dispatcher.DispatchOptions, handler: Handler): void
}

/** Somebody else's dispatcher as a pool: it does not tell which connection was used before, so nothing is sent again. */
export function poolOver(dispatcher: Pick<Dispatcher, 'dispatch'>): ConnectionPool {
  const dispatch = (request: Dispatcher.DispatchOptions, handler: Handler): void => {
    dispatcher.dispatch(request, handler)
  }
  return { dispatch, dispatchAfresh: dispatch }
}

/**
 * undici's pool, with two things that it does not tell: whether a connection is a kept-alive one, which may be dead; and a
 * way to give up a connection that is still being made, which would keep the process alive until the system gives up on it.
 * undici is loaded here, at the first request, and the environment is read for its proxies.
 */
export async function openPool({ proxy, ...options }: PoolOptions): Promise<ConnectionPool> {
  const undici = await import('undici')

  /** One connection, as a pool's member. */
  class TrackedClient extends undici.Client implements Connection {
    readonly #connecting: { socket?: Socket | undefined }
    #requests = 0

    constructor(origin: string | URL, { connect, ...rest }: Client.Options) {
      const connecting: { socket?: Socket | undefined } = {}
      // undici's connector gives its socket back, although its type does not say so.
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
      if ('onConnection' in handler) (handler as Handler).onConnection(this, reused)
      return super.dispatch(options, handler)
    }

    abandon(): void {
      this.#connecting.socket?.destroy(new Error('given up while connecting'))
    }
  }

  const settings: Agent.Options & Pool.Options = {
    ...options,
    // Gives up a connection that no request waits for any more; those that are waited for are given up by connectMs.
    connect: { timeout: 30_000, allowH2: options.allowH2 },
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  const clientFor = (origin: string | URL, given: object): TrackedClient => new TrackedClient(origin, given)
  const agent = new undici.Agent({
    ...settings,
    factory: (origin, given) => new undici.Pool(origin, Object.assign({}, given, { factory: clientFor })),
  })
  const direct: ConnectionPool = {
    dispatch: (request, handler) => agent.dispatch(request, handler),
    dispatchAfresh(request, handler) {
      const client = clientFor(String(request.origin), { ...settings, connections: undefined })
      client.dispatch(request, handler)
      // Closes when what was asked is answered.
      client.close().catch(() => undefined)
    },
  }
  // Its own connect options are for the endpoint; the way to the proxy has undici's.
  const { connect: _, ...throughProxy } = settings
  if (typeof proxy === 'string') return poolOver(new undici.ProxyAgent({ ...throughProxy, uri: proxy }))
  if (proxy === false || !namesProxy(process.env)) return direct
  return exceptLoopback(direct, poolOver(new undici.EnvHttpProxyAgent(throughProxy)))
}

/** The variables by which undici's `EnvHttpProxyAgent` finds a proxy; `NO_PROXY` says for which hosts there is none. */
const namesProxy = (environment: NodeJS.ProcessEnv): boolean =>
  ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].some((name) => (environment[name] ?? '') !== '')

const LOOPBACK = /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/

/** A proxy of the environment's is for the world: a server on this machine is asked directly, as Go and curl's users expect. */
function exceptLoopback(direct: ConnectionPool, proxied: ConnectionPool): ConnectionPool {
  const poolFor = ({ origin }: Dispatcher.DispatchOptions): ConnectionPool =>
    LOOPBACK.test(String(origin)) ? direct : proxied
  return {
    dispatch(request, handler) {
      poolFor(request).dispatch(request, handler)
    },
    dispatchAfresh(request, handler) {
      poolFor(request).dispatchAfresh(request, handler)
    },
  }
}
