import { stripVTControlCharacters } from 'node:util'
import { PLACES, type Finding, type Place } from './matrix.ts'
import { ROWS, rowOf } from './rows.ts'

/** What was seen of one row, of one provider over one transport in one place. */
export interface Cell {
  row: number
  provider: string
  transport: string
  place: Place
  /** `undefined`: no law says anything of it here. */
  ok: boolean | undefined
  proved: number
  observed: string
}

/** Cells row by row, and within a row provider by provider. */
export function cellsOf(findings: readonly Finding[]): Cell[] {
  const rows = ROWS.map(({ row }) => row).filter((row) => findings.some(({ rows: of }) => of.includes(row)))
  const providers = [...new Set(findings.map(({ provider }) => provider))]
  const transports = [...new Set(findings.map(({ transport }) => transport))]
  return rows.flatMap((row) =>
    providers.flatMap((provider) =>
      transports.flatMap((transport) =>
        PLACES.map((place) => {
          const found = findings.filter(
            (one) =>
              one.rows.includes(row) && one.provider === provider && one.transport === transport && one.place === place,
          )
          return { row, provider, transport, place, ...summary(found) }
        }),
      ),
    ),
  )
}

function summary(found: readonly Finding[]): Pick<Cell, 'ok' | 'proved' | 'observed'> {
  const bad = found.filter(({ ok }) => ok === false)
  const good = found.filter(({ ok }) => ok === true)
  const told = (list: readonly Finding[]): string => [...new Set(list.map(({ observed }) => observed))].join('; ')
  if (bad.length > 0) return { ok: false, proved: good.length, observed: told(bad) }
  if (good.length > 0) return { ok: true, proved: good.length, observed: told(good) }
  return { ok: undefined, proved: 0, observed: told(found) }
}

const MARKS = { true: 'ok', false: 'WRONG', undefined: '-' } as const

/** What fits on a line of a terminal. */
const WIDTHS = { world: 44, observed: 64 }

/** The table for a terminal. */
export function tableOf(cells: readonly Cell[]): string {
  const lines = cells.map(({ row, provider, transport, place, ok, proved, observed }) => [
    String(row),
    cut(rowOf(row).world, WIDTHS.world),
    provider,
    transport,
    place,
    cut(observed, WIDTHS.observed),
    ok === true ? `ok ${proved}` : MARKS[`${ok}`],
  ])
  return aligned([['row', 'the world', 'provider', 'transport', 'place', 'observed', 'ok'], ...lines])
}

/** Law by law, for one row. */
export function lawTable(findings: readonly Finding[]): string {
  const lines = findings.map(({ law, provider, transport, form, place, observed, ok }) => [
    cut(law, 72),
    provider,
    transport,
    form,
    place,
    cut(observed, WIDTHS.observed),
    MARKS[`${ok}`],
  ])
  return aligned([['law', 'provider', 'transport', 'form', 'place', 'observed', 'ok'], ...lines])
}

/** Columns as wide as they need to be. */
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

/** One line of at most so many characters. */
export function cut(text: string, length: number): string {
  const line = stripVTControlCharacters(text).replaceAll(/\s+/g, ' ')
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}
