import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { environment } from '@rivulet/core/provider'
import type { Layer, Provider } from '@rivulet/core'
import type { GatewayKey, HoldMode } from '@rivulet/gateway'
import { KNOWN_PROVIDERS } from 'rivulet'
import { openRiver, type RiverSetup } from '../river.ts'
import { UsageError } from '../usage-error.ts'
import { Breakers } from './breakers.ts'
import type { LogSetting } from './watchers.ts'

/** What is served, and how. */
export interface Service extends AsyncDisposable {
  readonly provider: Provider
  /** Those of its providers: `'openai/gpt-6-luna'` can be asked for. */
  readonly ids: readonly string[]
  /** For people: `'openai, anthropic'` */
  readonly what: string
  /** Those of its members. */
  readonly breakers: Breakers
  /** The base URLs that were given, by where they were given. */
  readonly baseUrls: Readonly<Record<string, string | undefined>>
  readonly keys?: readonly GatewayKey[] | undefined
  readonly auth?: { readonly client: string } | undefined
  readonly hold?: HoldMode | undefined
  readonly log?: LogSetting | undefined
  readonly observe?: { readonly host?: string; readonly port: number } | undefined
  readonly listen?: { readonly host?: string; readonly port?: number; readonly hosts?: readonly string[] } | undefined
}

type Opened = Omit<Service, 'breakers'>

const USUAL_FILE = 'rivulet.yaml'

/**
 * The file that configures the gateway: the one that is named, or the usual one if there is one in the working folder.
 *
 * @throws UsageError when the one that is named is missing.
 */
export function configFile(named: string | undefined): string | undefined {
  if (named === undefined) return existsSync(USUAL_FILE) ? USUAL_FILE : undefined
  if (existsSync(named)) return named
  throw new UsageError(`The file ${named} does not exist.`)
}

/**
 * What a file says, or else the environment.
 *
 * @param layer Around each provider.
 * @throws UsageError with a line for each problem.
 */
export async function openService(file: string | undefined, layer?: Layer): Promise<Service> {
  const breakers = new Breakers()
  const setup = { layer, store: breakers }
  const { [Symbol.asyncDispose]: dispose, ...service } = await (file === undefined
    ? serviceOfEnvironment(setup)
    : serviceOfFile(file, setup))
  return { ...service, breakers, [Symbol.asyncDispose]: dispose }
}

async function serviceOfEnvironment(setup: RiverSetup): Promise<Opened> {
  const { river, isSimulated, [Symbol.asyncDispose]: dispose } = await openRiver(setup)
  const ids = river.providers.map(({ id }) => id)
  return {
    provider: river,
    ids,
    what: isSimulated ? `a simulator of ${ids.join(', ')}` : ids.join(', '),
    baseUrls: Object.fromEntries(KNOWN_PROVIDERS.map(({ baseUrl }) => [baseUrl, environment(baseUrl)])),
    [Symbol.asyncDispose]: dispose,
  }
}

async function serviceOfFile(file: string, setup: RiverSetup): Promise<Opened> {
  // Loaded on demand: without a file, nobody needs a parser.
  const [{ readConfig }, { configuredRiver }] = await Promise.all([
    import('../config/read-config.ts'),
    import('../config/configured-river.ts'),
  ])
  const read = readConfig(await readFile(file, 'utf8'), file, environment)
  const { providers, models = {}, keys, auth, hold, listen, log, observe } = read.config
  const baseUrls = Object.entries(providers).map(([id, { baseUrl }]) => [`providers.${id}.baseUrl`, baseUrl])
  return {
    provider: configuredRiver(read, setup),
    ids: Object.keys(providers),
    what: [...Object.keys(models), ...Object.keys(providers).map((id) => `${id}/*`)].join(', '),
    baseUrls: Object.fromEntries(baseUrls) as Service['baseUrls'],
    keys,
    auth,
    hold,
    listen,
    log,
    observe,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
