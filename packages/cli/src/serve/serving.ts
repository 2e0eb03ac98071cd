import {
  gateway,
  type GatewayOptions,
  type GatewayServer,
  type HoldMode,
  type Listening,
  type ListenOptions,
} from '@rivulet/gateway'
import { UsageError } from '../usage-error.ts'
import type { Service } from './service.ts'
import { type LogSetting, USUAL_LOG, type Watchers } from './watchers.ts'

/** What the command line says; it goes before the configuration. */
export interface ServeFlags {
  host?: string | undefined
  port?: number | undefined
  key?: string | undefined
  hold?: HoldMode | undefined
  log?: LogSetting | undefined
  /** Of an address of its own for metrics. */
  observePort?: number | undefined
}

interface Address extends ListenOptions {
  readonly host: string
  readonly port: number
}

interface Running {
  readonly service: Service
  /** As it was asked for: port 0 is any. */
  readonly address: Address
  readonly listening: Listening
}

/** How long the answers under way may take when their address is left. */
const LEFT_MS = 600_000

/** A gateway whose service can be replaced while it serves. */
export class Serving {
  readonly #flags: ServeFlags
  readonly #watchers: Watchers
  readonly #server: GatewayServer
  /** Addresses that were left, with answers under way. */
  readonly #leaving = new Set<Listening>()
  #running: Running

  private constructor(flags: ServeFlags, watchers: Watchers, server: GatewayServer, running: Running) {
    this.#flags = flags
    this.#watchers = watchers
    watchers.breakers = running.service.breakers
    this.#server = server
    this.#running = running
  }

  /** @throws UsageError, or TypeError, for what can't be served. */
  static async start(service: Service, flags: ServeFlags, watchers: Watchers): Promise<Serving> {
    const server = gateway(service.provider, optionsOf(service, flags, watchers))
    const address = addressOf(service, flags)
    return new Serving(flags, watchers, server, { service, address, listening: await listen(server, address) })
  }

  get url(): string {
    return this.#running.listening.url
  }

  /** Where `/metrics` is, if that is an address of its own. */
  get observeUrl(): string | undefined {
    return this.#running.listening.observeUrl
  }

  /**
   * Another service takes the place of the one before, from the next request on. Only a new address is listened on anew; where
   * that fails, the one before is, and nothing has changed.
   *
   * @throws UsageError, or TypeError, for what can't be served.
   */
  async replace(service: Service): Promise<void> {
    const before = this.#running
    const address = addressOf(service, this.#flags)
    const options = optionsOf(service, this.#flags, this.#watchers)
    if (JSON.stringify(address) === JSON.stringify(before.address)) {
      this.#server.swap(service.provider, options)
      this.#running = { ...before, service }
      this.#watchers.breakers = service.breakers
      return
    }
    const port = Number(new URL(before.listening.url).port)
    // First: the new one may be the same port, and may do without the keys that the old one needs.
    this.#leave(before.listening)
    let takeBack: (() => void) | undefined
    try {
      takeBack = this.#server.swap(service.provider, options)
      this.#running = { service, address, listening: await listen(this.#server, address) }
      this.#watchers.breakers = service.breakers
    } catch (error) {
      takeBack?.()
      this.#running = { ...before, listening: await listen(this.#server, { ...before.address, port }) }
      throw error
    }
  }

  /** Lets the answers under way end for `drainMs`, and ends the rest as failed. Called again, it may leave them less time. */
  async close(options: { drainMs: number }): Promise<void> {
    await Promise.all([this.#running.listening, ...this.#leaving].map(({ close }) => close(options)))
  }

  #leave(listening: Listening): void {
    this.#leaving.add(listening)
    void listening.close({ drainMs: LEFT_MS, moves: true }).then(() => this.#leaving.delete(listening))
  }
}

/** @throws UsageError for keys that are given twice. */
function optionsOf(
  { keys, auth, hold, log, breakers, ids }: Service,
  flags: ServeFlags,
  watchers: Watchers,
): GatewayOptions {
  if (flags.key !== undefined && keys !== undefined) {
    throw new UsageError(
      'There are keys in the configuration, and a key in --key or RIVULET_KEY: leave one of them out.',
    )
  }
  return {
    keys: flags.key ?? keys,
    auth,
    hold: flags.hold ?? hold,
    observers: watchers.observers(flags.log ?? log ?? USUAL_LOG),
    ready: () => !breakers.areAllOut(ids),
  }
}

/** @throws UsageError for the address of a provider: each request would come back for ever. */
function addressOf({ listen: given = {}, observe, baseUrls }: Service, flags: ServeFlags): Address {
  const { hosts } = given
  const [host, port] = [flags.host ?? given.host ?? '127.0.0.1', flags.port ?? given.port ?? 4411]
  for (const [name, baseUrl] of Object.entries(baseUrls)) {
    const url = URL.parse(baseUrl ?? '')
    if (url?.port !== String(port) || ![host, 'localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) continue
    throw new UsageError(`${name} is the address of this gateway, which would ask itself: leave it out here.`)
  }
  const observePort = flags.observePort ?? observe?.port
  return {
    host,
    port,
    ...(hosts !== undefined && { hosts }),
    ...(observePort !== undefined && { observe: { ...observe, port: observePort } }),
  }
}

async function listen(server: GatewayServer, address: Address): Promise<Listening> {
  try {
    return await server.listen(address)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new UsageError(`${error.message}. Choose another with --port; 0 takes a free one.`)
  }
}
