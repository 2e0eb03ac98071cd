import { ratioOf, short } from '../figures.ts'
import { isMet, type Race, type Row } from '../result.ts'
import { heading, LEFT, line, page, rect, RIGHT, round, text, WIDTH } from './svg.ts'

const TOP = 96
const ROW = 30
const BARS = { from: 316, to: 740 }
const COLUMNS = { ratio: 812, figure: RIGHT }
const MARKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]

/**
 * A race: bars start at the floor's line and go left for lower cost, right for higher. The axis is logarithmic, so that half and
 * double are equally far.
 */
export function bars(race: Race): string {
  const rows = race.rows.filter(({ ratio }) => ratio !== undefined)
  const bottom = TOP + rows.length * ROW
  const across = axisOf(rows)
  const marks = MARKS.filter((mark) => across(mark) > BARS.from && across(mark) < BARS.to)
  const body = [
    ...heading(race),
    ...rows.flatMap((_, index) => (index % 2 === 0 ? [rect(12, TOP + index * ROW, WIDTH - 24, ROW, 'band')] : [])),
    ...marks.flatMap((mark) => [
      line(across(mark), TOP, across(mark), bottom, 'rule'),
      text(across(mark), bottom + 18, 'mark', mark === 1 ? 'floor' : `${mark} ×`, 'middle'),
    ]),
    ...rows.flatMap((row, index) => barOf(row, TOP + index * ROW, across, race.unit)),
    line(across(1), TOP - 4, across(1), bottom + 4, 'floor'),
    ...legend(rows, bottom + 42),
  ]
  const label = `${race.title}: ${rows.map((row) => `${row.label} ${ratioOf(row.ratio ?? 0)} of the floor`).join('; ')}`
  return page(bottom + 58, label, body)
}

function barOf(row: Row, y: number, across: (ratio: number) => number, unit: string): string[] {
  const { label, kind, median, min, max, ratio = 1, target, isFloor } = row
  const [one, at] = [across(1), across(ratio)]
  const middle = y + ROW / 2
  const base = median / ratio
  const spread = min < max ? [line(across(min / base), middle, across(max / base), middle, 'spread')] : []
  const notch =
    target !== undefined && 'ratio' in target
      ? [tick(across(target.ratio), middle, isMet(row) === true ? 'target' : 'missed')]
      : []
  return [
    text(LEFT, middle + 4.5, kind === 'ours' ? 'ours' : 'name', label),
    ...(isFloor ? [] : [rect(Math.min(one, at), y + 8, Math.max(2, Math.abs(at - one)), ROW - 16, `b-${kind}`)]),
    ...spread,
    ...notch,
    text(COLUMNS.ratio, middle + 4.5, kind === 'ours' ? 'figure' : 'value', `${ratioOf(ratio)} ×`, 'end'),
    text(COLUMNS.figure, middle + 4.5, 'value', `${short(median)} ${unit}`, 'end'),
  ]
}

/** The target: a wedge at each edge of the row. */
const tick = (x: number, y: number, name: string): string =>
  `<path class="${name}" d="M${round(x - 5)} ${y - 14}h10l-5 7zM${round(x - 5)} ${y + 14}h10l-5 -7z"/>`

function legend(rows: readonly Row[], y: number): string[] {
  const asked = rows.some(({ target }) => target !== undefined && 'ratio' in target)
  const target = [
    `<path class="target" d="M${LEFT} ${y - 8}h10l-5 7z"/>`,
    text(LEFT + 18, y, 'mark', 'the target, red when missed'),
  ]
  const x = asked ? LEFT + 226 : LEFT
  return [
    ...(asked ? target : []),
    line(x, y - 4, x + 24, y - 4, 'spread'),
    text(x + 32, y, 'mark', 'lowest to highest of all rounds'),
    text(RIGHT, y, 'mark', 'medians', 'end'),
  ]
}

/** The position of a ratio, with room for the lowest and the highest, and for a factor of two on either side of the floor. */
function axisOf(rows: readonly Row[]): (ratio: number) => number {
  const ratios = rows.map(({ ratio }) => ratio ?? 1)
  const from = Math.log(Math.min(0.5, ...ratios) / 1.1)
  const to = Math.log(Math.max(2, ...ratios) * 1.1)
  return (ratio) => {
    const part = (Math.log(ratio) - from) / (to - from)
    return BARS.from + Math.min(1, Math.max(0, part)) * (BARS.to - BARS.from)
  }
}
