import { ratioOf, short } from '../figures.ts'
import {
  type Growth,
  isMet,
  judged,
  type Profile,
  type Race,
  type Result,
  type Row,
  type Slope,
  type Target,
} from '../result.ts'

/** A result for a terminal. */
export function terminal(result: Result): string {
  return `\n${result.title}\n${result.about}\n${result.kind === 'race' ? raceTable(result) : slopeTable(result)}`
}

function raceTable({ rows, unit, versus = '× floor', profile }: Race): string {
  const table = [
    ['', unit, '(min – max)', versus, 'target'],
    ...rows.map((row) => [
      `${row.isFloor ? '▸ ' : '  '}${row.label}`,
      short(row.median),
      `(${short(row.min)} – ${short(row.max)})`,
      row.ratio === undefined ? '' : ratioOf(row.ratio),
      verdictOf(row),
    ]),
  ]
  return columns(table) + (profile === undefined ? '' : profileTable(profile))
}

export function verdictOf(row: Row): string {
  if (row.target === undefined) return ''
  return `${targetOf(row.target)} ${isMet(row) === true ? '✓' : 'missed'}`
}

export const targetOf = (target: Target): string =>
  `≤ ${'ratio' in target ? target.ratio.toFixed(2) : String(target.value)}`

function slopeTable({ lines, along, unit, growth }: Slope): string {
  const sizes = lines[0]?.points.map(({ x }) => x.toLocaleString('en-US')) ?? []
  const rows = lines.map(({ label, points }) => [`  ${label}`, ...points.map(({ y }) => short(y))])
  return `${columns([[`  ${unit} by ${along}`, ...sizes], ...rows])}  ${growthOf(growth)}\n`
}

export function growthOf(grown: Growth): string {
  const { of, factor, target, floor, holdsFloor } = grown
  const { growth, isMet } = judged(grown)
  const verdict = `≤ ${target.toFixed(2)} ${isMet ? '✓' : 'missed'}`
  const own = `${of}: × ${factor.toFixed(2)} for ten times as many`
  if (floor === undefined) return `${own} (${verdict})`
  const beside = `the floor: × ${floor.toFixed(2)}`
  return holdsFloor === true
    ? `${own}; ${beside}, which is in it: × ${growth.toFixed(2)} beyond it (${verdict})`
    : `${own} (${verdict}); ${beside}`
}

/** Shares by owner of the code, and the functions that ran most. */
export function profileTable({ label, rooms, hot }: Profile): string {
  const functions = hot.map(({ name, place, share }) => [`  ${percent(share).padStart(6)}`, name, place])
  return `  ${label}: ${roomsOf(rooms)}\n${columns(functions)}`
}

/** In one line, without shares below 1 %. */
export const roomsOf = (rooms: Profile['rooms']): string =>
  rooms
    .filter(({ share }) => share >= 0.01)
    .map(({ room, share }) => `${room} ${percent(share)}`)
    .join(', ')

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Figures are aligned right, text left. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const isFigure = (at: number): boolean =>
    rows.slice(1).every((row) => /^[(]?[\d,.]*( – [\d,.]*[)])?$/.test(row[at] ?? ''))
  const right = widths.map((_, at) => at > 0 && isFigure(at))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (right[at] === true ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  return `${rows.map(line).join('\n')}\n`
}
