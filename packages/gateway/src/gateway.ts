import { pipe, type Provider } from '@rivulet/core'
import { checkMethods, ownAttempts, steady } from '@rivulet/core/provider'
import { answerExchange, type Gateway } from './answer-exchange.ts'
import { clientDialects } from './dialects.ts'
import { doorFor } from './keys/door.ts'
import { Hosts } from './node/hosts.ts'
import type { Listening, ListenOptions } from './node/listen.ts'
import { ownReports } from './observe/own-reports.ts'
import { watchWith } from './observe/request-watch.ts'
import { type GatewayOptions, settingsOf } from './options.ts'
import { WebExchange } from './web/web-exchange.ts'

/** An HTTP server over a provider. */
export interface GatewayServer {
  /**
   * Answers a request, for servers that are there already and for clients in this process. Who may mount it checks `Host`; without
   * keys, whoever reaches it may ask.
   */
  readonly fetch: (request: Request | string | URL, init?: RequestInit) => Promise<Response>
  /** Listens on a port, with Node's own server. */
  readonly listen: (options?: ListenOptions) => Promise<Listening>
  /**
   * Serves another provider, with other options, from the next request on; those under way go on with what they began with.
   * Keys that stay, by id and hash, keep what was counted of them. Whatever is wrong changes nothing.
   *
   * @returns Takes it back: what was served before is served again, with what was counted of its keys.
   * @throws TypeError as `gateway()` does, and for no keys while it listens on an address that other machines reach.
   */
  readonly swap: (provider: Provider, options?: GatewayOptions) => () => void
}

/**
 * Serves a provider, most often a group, to every client that speaks chat completions, Responses, Anthropic Messages or Gemini. A
 * stream that breaks is told, and never ends as if it were whole.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const server = gateway(lockchat())
 * const { url, close } = await server.listen({ port: 0 })
 * console.log(`export ANTHROPIC_BASE_URL=${url} OPENAI_BASE_URL=${url}/v1`)
 * await close()
 */
export function gateway(provider: Provider, options: GatewayOptions = {}): GatewayServer {
  let state = served(provider, options)
  const hosts = new Hosts()
  return {
    async fetch(request, init) {
      const exchange = new WebExchange(new Request(request, init))
      void answerExchange(exchange, state)
      return exchange.response
    },
    async listen(listenOptions) {
      // Loaded on demand: other runtimes have no such server.
      const { listen } = await import('./node/listen.ts')
      return listen(() => state, hosts, listenOptions)
    },
    swap(next, nextOptions = {}) {
      const before = state
      const serve = (swapped: Gateway): void => {
        hosts.check('swap', swapped.door)
        state = swapped
      }
      serve(served(next, nextOptions, before))
      return () => {
        serve(before)
      }
    },
  }
}

/** @param before What it takes the place of. */
function served(provider: Provider, options: GatewayOptions, before?: Gateway): Gateway {
  checkMethods('gateway: the provider', provider, ['stream'])
  const settings = settingsOf(options, provider)
  const { retry, deadlines, keys } = options
  const reporting = ownAttempts(provider) === undefined ? pipe(provider, ownReports(settings.clock)) : provider
  return {
    provider: steady(reporting, { retry, deadlines }),
    settings,
    watch: watchWith(settings.observers, settings.clock, provider),
    underWay: before?.underWay ?? new Set(),
    dialects: clientDialects(hasAuthors(provider)),
    salt: before?.salt ?? crypto.randomUUID(),
    door: doorFor(keys, settings.clock, before?.door.uses),
  }
}

/** Whether it reaches several authors of thoughts: whoever makes attempts of its own may be a group. */
const hasAuthors = (provider: Provider): boolean => ownAttempts(provider) !== undefined
