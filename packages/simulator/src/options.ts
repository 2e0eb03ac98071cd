import { isRecord } from './check.ts'
import { suggestion } from './closest.ts'
import { type DialectId, dialectId } from './dialects.ts'
import type { Pace } from './pace.ts'

export interface SimulatorOptions {
  /** The TCP port. 0 takes a free one, told by `sim.url`. @default 0 */
  readonly port?: number
  /** The address to listen on. Anything but loopback lets others in. @default '127.0.0.1' */
  readonly host?: string
  /** Chooses among the possible answers: the same seed, model and messages give the same bytes. @default 1 */
  readonly seed?: number
  /** How fast answers come. @default 'instant' */
  readonly pace?: Pace
  /**
   * The one credential that a dialect takes. Without it any that is not empty will do; Lockchat and Ollama need none.
   *
   * @example { liaobots: 'code' }
   */
  readonly credentials?: Readonly<Partial<Record<DialectId, string>>>
  /** Lets unknown body fields and query parameters pass. @default false */
  readonly lenient?: boolean
  /** Reports token counts also where the vendor does not, or not unasked: in the three first dialects, in streams of OpenAI's. @default false */
  readonly usage?: boolean
}

const names = ['port', 'host', 'seed', 'pace', 'credentials', 'lenient', 'usage']

/** The options with their defaults. A `TypeError` names the one that is wrong. */
export function resolved(options: SimulatorOptions): Required<SimulatorOptions> {
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw new TypeError(`simulator() has no option "${name}"${suggestion(name, names)}`)
  }
  const { port = 0, host = '127.0.0.1', seed = 1, pace = 'instant', credentials = {} } = options
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError(`port must be 0 to 65535; got ${port}`)
  if (!Number.isFinite(seed)) throw new TypeError(`seed must be a number; got ${seed}`)
  checkPace(pace)
  for (const [id, credential] of Object.entries(credentials)) {
    dialectId(id)
    if (credential === '') throw new TypeError(`credentials.${id} must not be empty; leave it out to take any`)
  }
  return { port, host, seed, pace, credentials, lenient: options.lenient ?? false, usage: options.usage ?? false }
}

/** Checked as `unknown`: options also come from JavaScript and from the command line. */
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
