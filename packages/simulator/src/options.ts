import { isRecord } from './check.ts'
import { suggestion } from './closest.ts'
import { type DialectId, dialectId } from './dialects.ts'
import type { Pace } from './pace.ts'

export interface SimulatorOptions {
  /** The TCP port. 0 picks a free port; `sim.url` shows it. @default 0 */
  readonly port?: number
  /** The address to listen on. Any address but loopback is reachable from other machines. @default '127.0.0.1' */
  readonly host?: string
  /** Selects among the possible answers: the same seed, model and messages give the same bytes. @default 1 */
  readonly seed?: number
  /** How fast answers are sent. @default 'instant' */
  readonly pace?: Pace
  /**
   * The only credential that a dialect accepts. By default any that is not empty; Lockchat and Ollama need none.
   *
   * @example { liaobots: 'code' }
   */
  readonly credentials?: Readonly<Partial<Record<DialectId, string>>>
  /** Accepts unknown body fields and query parameters. @default false */
  readonly lenient?: boolean
  /**
   * Reports token counts where the vendor does not (Gravityengine, Lockchat) or only on request (OpenAI chat streams).
   *
   * @default false
   */
  readonly usage?: boolean
}

const names = ['port', 'host', 'seed', 'pace', 'credentials', 'lenient', 'usage']

/** The options with their defaults. A `TypeError` names an invalid option. */
export function resolveOptions(options: SimulatorOptions): Required<SimulatorOptions> {
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw new TypeError(`simulator() has no option "${name}"${suggestion(name, names)}`)
  }
  const { port = 0, host = '127.0.0.1', seed = 1, pace = 'instant', credentials = {} } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError(`port must be 0 to 65535; got ${port}`)
  if (!Number.isFinite(seed)) throw new TypeError(`seed must be a number; got ${seed}`)
  checkPace(pace)
  for (const [id, credential] of Object.entries(credentials)) {
    dialectId(id)
    if (credential === '') throw new TypeError(`credentials.${id} must not be empty; omit it to accept any`)
  }
  return { port, host, seed, pace, credentials, lenient: options.lenient ?? false, usage: options.usage ?? false }
}

/** Takes `unknown`, because options also come from JavaScript and from the command line. */
function checkPace(pace: unknown): void {
  if (pace === 'instant' || pace === 'natural') return
  if (isRecord(pace)) {
    const { firstTokenMs, tokensPerSecond } = pace
    const isFirst = typeof firstTokenMs === 'number' && firstTokenMs >= 0 && Number.isFinite(firstTokenMs)
    if (isFirst && typeof tokensPerSecond === 'number' && tokensPerSecond > 0) return
  }
  const found = JSON.stringify(pace)
  throw new TypeError(`pace must be 'instant', 'natural' or { firstTokenMs, tokensPerSecond }; got ${found}`)
}
