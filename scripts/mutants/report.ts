import type { Equivalent } from './equivalent.ts'

/** What Stryker's `json` reporter writes, as far as it is read here. Lines and columns count from 1. */
export interface StrykerReport {
  files: Readonly<Record<string, { source: string; mutants: readonly StrykerMutant[] }>>
}

export interface StrykerMutant {
  status: string
  replacement?: string | undefined
  location: { start: Position; end: Position }
}

interface Position {
  line: number
  column: number
}

interface Survivor {
  line: number
  /** The lines that the mutation changes, in one line. */
  was: string
  /** The same lines after the mutation. An {@link Equivalent} is recognized by this. */
  mutated: string
  /** No test runs this code. */
  isUncovered: boolean
}

export interface FileScore {
  file: string
  killed: number
  survivors: readonly Survivor[]
  /** How many survivors are known to be equivalent: they do not count. */
  equivalent: number
  /** Entries of the list of equivalents that no survivor of this file has. */
  stale: readonly Equivalent[]
}

/** The scores of a report, without the equivalent mutants and without those that do not compile. */
export function scoresOf({ files }: StrykerReport, equivalents: readonly Equivalent[]): FileScore[] {
  return Object.entries(files).map(([file, { source, mutants }]) => {
    const known = equivalents.filter((entry) => entry.file === file)
    const survived = mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .map((mutant) => survivorOf(source, mutant))
    const isKnown = ({ mutated }: Survivor): boolean => known.some((entry) => entry.mutated === mutated)
    return {
      file,
      killed: mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length,
      survivors: survived.filter((survivor) => !isKnown(survivor)).sort((a, b) => a.line - b.line),
      equivalent: survived.filter(isKnown).length,
      stale: known.filter((entry) => !survived.some(({ mutated }) => mutated === entry.mutated)),
    }
  })
}

function survivorOf(source: string, { status, replacement = '', location: { start, end } }: StrykerMutant): Survivor {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const before = (lines[0] ?? '').slice(0, start.column - 1)
  const after = (lines.at(-1) ?? '').slice(end.column - 1)
  return {
    line: start.line,
    was: inOneLine(lines.join('\n')),
    mutated: inOneLine(before + replacement + after),
    isUncovered: status === 'NoCoverage',
  }
}

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** Killed mutants of all that count, 0 to 100. A file without mutants has 100. */
export function percentOf({ killed, survivors }: Pick<FileScore, 'killed' | 'survivors'>): number {
  const all = killed + survivors.length
  return all === 0 ? 100 : (100 * killed) / all
}

/** One row for each file. */
export function tableOf(scores: readonly FileScore[]): string {
  const width = Math.max('file'.length, ...scores.map(({ file }) => file.length))
  const row = (file: string, ...cells: readonly (string | number)[]): string =>
    `${file.padEnd(width)}${cells.map((cell) => String(cell).padStart(12)).join('')}\n`
  let text = row('file', 'mutants', 'killed', 'survived', '%', 'equivalent')
  for (const score of scores) {
    const { file, killed, survivors, equivalent } = score
    // Rounded down: 91.96 is below 92.
    const percent = (Math.floor(percentOf(score) * 10) / 10).toFixed(1)
    text += row(file, killed + survivors.length, killed, survivors.length, percent, equivalent)
  }
  return text
}

/** Each survivor, with its lines before and after the mutation. */
export function survivorsOf({ file, survivors, stale }: FileScore): string {
  let text = ''
  for (const { line, was, mutated, isUncovered } of survivors) {
    text += `${file}:${line}${isUncovered ? ' (no test runs it)' : ''}\n  - ${shortened(was)}\n  + ${mutated}\n`
  }
  for (const { mutated } of stale) {
    text += `${file}: not among the survivors; remove it from scripts/mutants/equivalent.ts\n  + ${mutated}\n`
  }
  return text
}

const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text)
