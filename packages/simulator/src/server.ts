import { createServer, type Server } from 'node:http'
import { connections } from './connections.ts'
import type { Dialect } from './dialect.ts'
import { type DialectId, dialectId, dialectIds, dialects, isDialectId } from './dialects.ts'
import { answerRequest, type SimulatorState } from './exchange.ts'
import type { Fault, FaultKind } from './faults.ts'
import { resolveOptions, type SimulatorOptions } from './options.ts'
import { type RecordedRequest, recording } from './recording.ts'
import { runtimeSettings } from './runtime-settings.ts'
import type { Wire } from './wire.ts'

/** What a client needs to know to call one dialect. */
export interface DialectInfo {
  readonly id: DialectId
  readonly name: string
  readonly baseUrl: string
  readonly models: readonly string[]
  /** A credential that is accepted, if one is required. */
  readonly credential?: string
}

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  /** `http://127.0.0.1:49152` */
  readonly url: string
  readonly dialects: readonly DialectInfo[]
  /** The last 1,000 requests, oldest first. The list is live. */
  readonly requests: readonly RecordedRequest[]
  /** The base URL to give to a provider or to a vendor's own client: `http://127.0.0.1:49152/openai/v1`. */
  baseUrl(dialect: DialectId): string
  /** Sets the fault for the next requests to a dialect; `undefined` clears it. */
  fault(dialect: DialectId, fault: Fault | FaultKind | undefined): void
  /** The fault of a dialect; its `times` is the number of requests left. */
  faultOf(dialect: DialectId): Fault | undefined
  /**
   * Forces the answer format of a dialect that has several; `undefined` lets the request decide.
   *
   * @example
   * await using sim = await simulator()
   * sim.variant('gravityengine', 'lines')
   */
  variant(dialect: DialectId, variant: 'sse' | 'json' | 'lines' | undefined): void
  /** Clears the recorded requests and the faults. */
  clear(): void
  /** Closes every open connection and stops listening. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts chat endpoints on loopback: real HTTP servers that speak the vendors' dialects, with faults on request.
 *
 * @example
 * await using sim = await simulator()
 * sim.fault('lockchat', { kind: 'truncate', times: 1 })
 * const provider = lockchat({ baseUrl: sim.baseUrl('lockchat') })
 */
export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = resolveOptions(options)
  const log = recording()
  const runtime = runtimeSettings()
  const wires = new Set<Wire>()
  const server = createServer()
  const url = await listen(server, settings)
  const baseUrl = (dialect: DialectId): string => {
    const { basePath = '' }: Dialect = dialects[dialectId(dialect)]
    return `${url}/${dialect}${basePath}`
  }
  const state: SimulatorState = {
    options: settings,
    settings: runtime,
    recording: log,
    wires,
    connections: connections(),
    baseUrl,
  }
  server.on('request', (request, response) => {
    void answerRequest(request, response, state)
  })

  let closed: Promise<void> | undefined
  const close = (): Promise<void> => (closed ??= closeServer(server, wires))
  return {
    url,
    dialects: dialectIds.filter(isDialectId).map((id) => infoOf(id, baseUrl(id), settings.credentials[id])),
    requests: log.requests,
    baseUrl,
    fault: (dialect, fault) => {
      runtime.setFault(dialect, fault)
    },
    faultOf: (dialect) => runtime.fault(dialect),
    variant: (dialect, variant) => {
      runtime.setVariant(dialect, variant)
    },
    clear() {
      log.clear()
      runtime.clearFaults()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function infoOf(id: DialectId, baseUrl: string, required: string | undefined): DialectInfo {
  const { name, models, needsCredential }: Dialect = dialects[id]
  const credential = required ?? (needsCredential === true ? 'demo' : undefined)
  return { id, name, baseUrl, models, ...(credential === undefined ? {} : { credential }) }
}

async function listen(server: Server, { port, host }: Required<SimulatorOptions>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  server.listen(port, host, () => {
    resolve(undefined)
  })
  await promise
  server.off('error', reject)
  const address = server.address()
  // A server on a TCP port has an address object; the other types are for pipes and closed servers.
  if (address === null || typeof address === 'string') throw new Error('The server has no address')
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}

async function closeServer(server: Server, wires: ReadonlySet<Wire>): Promise<void> {
  const over = [...wires].map(({ done }) => done)
  const { promise, resolve } = Promise.withResolvers<undefined>()
  server.close(() => {
    resolve(undefined)
  })
  for (const wire of wires) wire.destroy()
  server.closeAllConnections()
  await Promise.all([promise, ...over])
}
