import { breaksAnswer } from './fault.ts'
import { type FaultKind, faultKinds, faults } from './faults.ts'

/** What a reader needs to know to ask for one kind of fault. */
export interface FaultInfo {
  readonly kind: FaultKind
  readonly summary: string
  /** The options that it reads, besides `times`. */
  readonly options: readonly string[]
  /** Their defaults; an option with a closed set has the whole set, the default first. */
  readonly defaults: Readonly<Record<string, unknown>>
  /** With its defaults it takes the whole, right answer from its reader, in at least one form of answer. */
  readonly breaks: boolean
}

/** Every kind of fault, for sweeps over all of them. */
export const faultCatalogue: readonly FaultInfo[] = faultKinds.map((kind) => {
  const definition = faults[kind]
  const defaults = Object.fromEntries(Object.entries(definition.options).filter(([, note]) => note !== null))
  const options = Object.keys(definition.options)
  return { kind, summary: definition.summary, options, defaults, breaks: breaksAnswer(definition) }
})

/** The kinds that break an answer, which `random` chooses from. */
export const faultsThatBreak: readonly FaultInfo[] = faultCatalogue.filter(({ breaks }) => breaks)

/** The catalogue as aligned text, one kind a line: its name, a mark when it breaks the answer, the summary, the options. */
export function faultTable(): string {
  const rows = faultCatalogue.map(({ kind, breaks, summary, options, defaults }) => [
    kind,
    breaks ? 'breaks' : '',
    summary,
    options.map((name) => shown(name, defaults[name])).join('  '),
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

function shown(name: string, note: unknown): string {
  if (note === undefined) return name
  return `${name}=${Array.isArray(note) ? note.join('|') : JSON.stringify(note).replaceAll('"', '')}`
}
