import type { Socket } from 'node:net'
import type { Agent, buildConnector, Client, Dispatcher, Pool } from 'undici'

export interface PoolOptions {
  connections: number | null
  allowH2: boolean
  keepAliveTimeout?: number
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

export interface ConnectionPool {
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler & OnConnection): void
  /** Sends on a connection that nobody has used, and closes it afterwards. */
  dispatchAfresh(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler & OnConnection): void
}

/**
 * undici's pool, with two things that it does not tell: whether a connection is a kept-alive one, which may be dead; and a
 * way to give up a connection that is still being made, which would keep the process alive until the system gives up on it.
 * undici is loaded here, at the first request.
 */
export async function openPool(options: PoolOptions): Promise<ConnectionPool> {
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
      if ('onConnection' in handler) (handler as Dispatcher.DispatchHandler & OnConnection).onConnection(this, reused)
      return super.dispatch(options, handler)
    }

    abandon(): void {
      this.#connecting.socket?.destroy(new Error('given up while connecting'))
    }
  }

  const settings: Agent.Options & Pool.Options = {
    ...options,
    // A connection that nobody waits for any more is given up by this; those that are waited for, by connectMs.
    connect: { timeout: 30_000, allowH2: options.allowH2 },
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  const clientFor = (origin: string | URL, given: object): TrackedClient => new TrackedClient(origin, given)
  const agent = new undici.Agent({
    ...settings,
    factory: (origin, given) => new undici.Pool(origin, Object.assign({}, given, { factory: clientFor })),
  })
  return {
    dispatch: (request, handler) => agent.dispatch(request, handler),
    dispatchAfresh(request, handler) {
      const line = clientFor(String(request.origin), { ...settings, connections: undefined })
      line.dispatch(request, handler)
      // Closes when what was asked is answered.
      line.close().catch(() => undefined)
    },
  }
}
