import { breaksAnswer } from './fault.ts'
import { type FaultKind, faultKinds, faults } from './faults.ts'

/** One kind of fault, with its options. */
export interface FaultInfo {
  readonly kind: FaultKind
  readonly summary: string
  /** Its options besides `times`. */
  readonly options: readonly string[]
  /** Default by option name; an option with a closed set of values has the whole set, the default first. */
  readonly defaults: Readonly<Record<string, unknown>>
  /** With its defaults it prevents a complete, correct answer in at least one answer format. */
  readonly breaks: boolean
}

/** Every kind of fault, for tests that run all of them. */
export const faultCatalogue: readonly FaultInfo[] = faultKinds.map((kind) => {
  const definition = faults[kind]
  const defaults = Object.fromEntries(Object.entries(definition.options).filter(([, spec]) => spec !== null))
  const options = Object.keys(definition.options)
  return { kind, summary: definition.summary, options, defaults, breaks: breaksAnswer(definition) }
})

/** The kinds that break an answer and pass by themselves; `random` chooses from these. */
export const faultsThatBreak: readonly FaultInfo[] = faultCatalogue.filter(
  ({ kind, breaks }) => breaks && faults[kind].isLasting !== true,
)

/** The catalogue as an aligned table, one kind per line: name, `breaks` if it breaks the answer, summary, options. */
export function faultTable(): string {
  const rows = faultCatalogue.map(({ kind, breaks, summary, options, defaults }) => [
    kind,
    breaks ? 'breaks' : '',
    summary,
    options.map((name) => describeOption(name, defaults[name])).join('  '),
  ])
  const table = [['KIND', 'ANSWER', 'WHAT IT DOES', 'OPTIONS'], ...rows]
  const widths = table.reduce<number[]>(
    (found, row) => row.map((cell, at) => Math.max(found[at] ?? 0, cell.length)),
    [],
  )
  return table
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function describeOption(name: string, spec: unknown): string {
  if (spec === undefined) return name
  return `${name}=${Array.isArray(spec) ? spec.join('|') : JSON.stringify(spec).replaceAll('"', '')}`
}
