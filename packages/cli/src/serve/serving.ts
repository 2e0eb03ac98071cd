import { setTimeout } from 'node:timers/promises'
import { gateway, type GatewayServer, type HoldMode, type Listening, type ListenOptions } from '@rivulet/gateway'
import { UsageError } from '../usage-error.ts'
import type { Service } from './service.ts'

/** What the command line says; it goes before the configuration. */
export interface ServeFlags {
  host?: string | undefined
  port?: number | undefined
  key?: string | undefined
  hold?: HoldMode | undefined
}

interface Address extends ListenOptions {
  readonly host: string
  readonly port: number
}

interface Running {
  readonly server: GatewayServer
  /** As it was asked for: port 0 is any. */
  readonly address: Address
  readonly listening: Listening
}

/** How long the answers under way may take when another service takes the place of theirs. */
const REPLACED_MS = 600_000

/** A gateway whose service can be replaced while it serves. */
export class Serving {
  readonly #flags: ServeFlags
  readonly #leaving = new Set<Promise<void>>()
  #running: Running

  private constructor(flags: ServeFlags, running: Running) {
    this.#flags = flags
    this.#running = running
  }

  /** @throws UsageError, or TypeError, for what can't be served. */
  static async start(service: Service, flags: ServeFlags): Promise<Serving> {
    return new Serving(flags, await listen(serverOf(service, flags), addressOf(service, flags)))
  }

  get url(): string {
    return this.#running.listening.url
  }

  /**
   * Another service takes the place of the one before, whose answers under way go on. Where it can't listen, the one before
   * listens again.
   *
   * @throws UsageError, or TypeError, for what can't be served.
   */
  async replace(service: Service): Promise<void> {
    const address = addressOf(service, this.#flags)
    const server = serverOf(service, this.#flags)
    const before = this.#running
    const isSame = address.host === before.address.host && address.port === before.address.port
    const port = Number(new URL(before.listening.url).port)
    this.#leave(before.listening)
    try {
      this.#running = { ...(await listen(server, isSame ? { ...address, port } : address)), address }
    } catch (error) {
      this.#running = { ...(await listen(before.server, { ...before.address, port })), address: before.address }
      throw error
    }
  }

  /**
   * Lets the answers under way end for `drainMs`, and ends the rest as failed. It waits for `atMostMs`.
   *
   * @returns Whether all have ended: those of a service that was replaced have more time, and may not have.
   */
  async close({ drainMs, atMostMs }: { drainMs: number; atMostMs: number }): Promise<boolean> {
    const left = Promise.all([this.#running.listening.close({ drainMs }), ...this.#leaving]).then(() => true)
    const timer = new AbortController()
    const late = setTimeout(atMostMs, false, { signal: timer.signal })
    try {
      return await Promise.race([left, late])
    } finally {
      timer.abort()
    }
  }

  #leave(listening: Listening): void {
    const left = listening.close({ drainMs: REPLACED_MS }).finally(() => this.#leaving.delete(left))
    this.#leaving.add(left)
  }
}

function serverOf({ provider, keys, hold }: Service, flags: ServeFlags): GatewayServer {
  if (flags.key !== undefined && keys !== undefined) {
    throw new UsageError(
      'There are keys in the configuration, and a key in --key or RIVULET_KEY: leave one of them out.',
    )
  }
  return gateway(provider, { keys: flags.key ?? keys, hold: flags.hold ?? hold })
}

/** @throws UsageError for the address of a provider: each request would come back for ever. */
function addressOf({ listen: given = {}, baseUrls }: Service, flags: ServeFlags): Address {
  const { hosts } = given
  const [host, port] = [flags.host ?? given.host ?? '127.0.0.1', flags.port ?? given.port ?? 4411]
  for (const [name, baseUrl] of Object.entries(baseUrls)) {
    const url = URL.parse(baseUrl ?? '')
    if (url?.port !== String(port) || ![host, 'localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) continue
    throw new UsageError(`${name} is the address of this gateway, which would ask itself: leave it out here.`)
  }
  return { host, port, ...(hosts !== undefined && { hosts }) }
}

async function listen(server: GatewayServer, address: Address): Promise<Running> {
  try {
    return { server, address, listening: await server.listen(address) }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new UsageError(`${error.message}. Choose another with --port; 0 takes a free one.`)
  }
}
