import { parseArgs } from 'node:util'
import { suggestion } from './closest.ts'
import { faults, parseFault } from './faults.ts'
import { dialectId, type DialectId } from './dialects.ts'
import type { Fault } from './faults.ts'
import { resolveOptions, type SimulatorOptions } from './options.ts'
import type { Pace } from './pace.ts'

/** A parsed command line. */
export interface CliOptions {
  readonly help: boolean
  /** Print the table of faults and exit. */
  readonly table: boolean
  readonly simulator: SimulatorOptions
  readonly faults: readonly (readonly [DialectId, Fault])[]
}

const flags = {
  port: { type: 'string' },
  host: { type: 'string' },
  seed: { type: 'string' },
  pace: { type: 'string' },
  fault: { type: 'string', multiple: true },
  lenient: { type: 'boolean' },
  usage: { type: 'boolean' },
  faults: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const flagNames = Object.keys(flags).map((name) => `--${name}`)

export const help = `rivulet-simulator: chat endpoints on loopback, with faults on request

  --port <number>           the port to listen on (default 4010; 0 picks a free port)
  --host <address>          the address to listen on (default 127.0.0.1)
  --seed <number>           selects among the possible answers (default 1)
  --pace <pace>             natural (default), instant, or first-token-ms,tokens-per-second such as 250,60
  --fault <dialect>=<kind>  set a fault, by kind or as JSON: lockchat='{"kind":"status","status":429}'; may be repeated
  --lenient                 accept unknown body fields and query parameters
  --usage                   report token counts
  --faults                  print every fault with its options, as a table
  --help                    print this text

Faults (--faults lists their options):
${Object.entries(faults)
  .map(([kind, { summary }]) => `  ${kind.padEnd(26)}${summary}`)
  .join('\n')}
`

/** Parses a command line. A `TypeError` names the invalid argument and suggests a correction. */
export function cliOptions(args: readonly string[]): CliOptions {
  const { tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') throw new TypeError(`"${token.value}" is not a flag; see --help`)
    if (token.kind === 'option' && !Object.hasOwn(flags, token.name)) {
      throw new TypeError(`Unknown flag "${token.rawName}"${suggestion(token.rawName, flagNames)}`)
    }
  }
  const { values } = parseArgs({ args: [...args], options: flags })
  const simulator: SimulatorOptions = {
    port: wholeNumber('port', values.port ?? '4010'),
    seed: wholeNumber('seed', values.seed ?? '1'),
    pace: paceOf(values.pace ?? 'natural'),
    lenient: values.lenient ?? false,
    usage: values.usage ?? false,
    ...(values.host === undefined ? {} : { host: values.host }),
  }
  resolveOptions(simulator)
  return {
    help: values.help ?? false,
    table: values.faults ?? false,
    simulator,
    faults: (values.fault ?? []).map(faultOf),
  }
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new TypeError(`--${name} must be a whole number; got "${text}"`)
}

function paceOf(text: string): Pace {
  if (text === 'instant' || text === 'natural') return text
  const [, firstTokenMs, tokensPerSecond] = /^(\d+),(\d+)$/.exec(text) ?? []
  if (firstTokenMs === undefined) {
    throw new TypeError(`--pace must be natural, instant or two numbers such as 250,60; got "${text}"`)
  }
  return { firstTokenMs: Number(firstTokenMs), tokensPerSecond: Number(tokensPerSecond) }
}

function faultOf(text: string): [DialectId, Fault] {
  const [, dialect, fault] = /^([^=]+)=(.+)$/su.exec(text) ?? []
  if (dialect === undefined || fault === undefined) {
    throw new TypeError(`--fault must be <dialect>=<kind>, such as lockchat=truncate; got "${text}"`)
  }
  return [dialectId(dialect), parseFault(fault.startsWith('{') ? JSON.parse(fault) : fault)]
}
