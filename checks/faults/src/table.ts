import { stripVTControlCharacters } from 'node:util'
import { gapsOf, gapWords } from './gaps.ts'
import { type Finding, transportOf } from './matrix.ts'
import { ROWS, rowOf } from './rows.ts'

/** The observations of one row for one provider: over both transports, in both forms, in both places. */
export interface Cell {
  row: number
  provider: string
  /** `undefined`: the row does not apply to this provider. */
  ok: boolean | undefined
  proved: number
  observed: string
  /** Where there is no proof, and why. */
  gaps: string
}

/** Cells row by row, and within a row provider by provider. */
export function cellsOf(findings: readonly Finding[]): Cell[] {
  const providers = [...new Set(findings.map(({ provider }) => provider))]
  const gaps = gapsOf(findings)
  return ROWS.flatMap(({ row }) => {
    const inRow = findings.filter(({ rows }) => rows.includes(row))
    if (inRow.length === 0) return []
    return providers.map((provider) => {
      const found = inRow.filter((one) => one.provider === provider)
      const own = gaps.filter((gap) => gap.row === row && gap.provider === provider)
      return { row, provider, ...summary(found), gaps: gapWords(own) }
    })
  })
}

function summary(found: readonly Finding[]): Pick<Cell, 'ok' | 'proved' | 'observed'> {
  const bad = found.filter(({ ok }) => ok === false)
  const good = found.filter(({ ok }) => ok === true)
  const told = (list: readonly Finding[]): string => [...new Set(list.map(({ observed }) => observed))].join('; ')
  if (bad.length > 0) return { ok: false, proved: good.length, observed: told(bad) }
  return { ok: good.length > 0 ? true : undefined, proved: good.length, observed: told(good) }
}

const MARKS = { true: 'ok', false: 'WRONG', undefined: '-' } as const

/** Column widths for a terminal. */
const WIDTHS = { world: 44, observed: 56, gaps: 70, law: 72 }

/** The table for a terminal. */
export function tableOf(cells: readonly Cell[]): string {
  const lines = cells.map(({ row, provider, ok, proved, observed, gaps }) => [
    String(row),
    cut(rowOf(row).world, WIDTHS.world),
    provider,
    cut(observed, WIDTHS.observed),
    `${MARKS[`${ok}`]}${proved === 0 ? '' : ` ${proved}`}`,
    cut(gaps, WIDTHS.gaps),
  ])
  return aligned([['row', 'the world', 'provider', 'observed', 'ok', 'does not apply'], ...lines])
}

/** One row, law by law. */
export function lawTable(findings: readonly Finding[]): string {
  const lines = findings.map((finding) => [
    cut(finding.law, WIDTHS.law),
    finding.provider,
    transportOf(finding),
    finding.form,
    finding.place,
    cut(finding.observed, WIDTHS.observed),
    MARKS[`${finding.ok}`],
  ])
  return aligned([['law', 'provider', 'transport', 'form', 'place', 'observed', 'ok'], ...lines])
}

/** Lines with minimal column widths. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines.reduce<number[]>(
    (found, line) => line.map((cell, at) => Math.max(found[at] ?? 0, cell.length)),
    [],
  )
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The text on one line, of at most this many characters. */
export function cut(text: string, length: number): string {
  const line = stripVTControlCharacters(text).replaceAll(/\s+/g, ' ')
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}
