import { short } from '../figures.ts'
import type { Slope } from '../result.ts'
import { heading, LEFT, line, page, round, text } from './svg.ts'
import { growthOf } from './terminal.ts'

const AREA = { left: 92, right: 680, top: 96, bottom: 300 }

/** Growth: sizes on a logarithmic axis, the figure on an axis that starts at 0, so that a constant is a flat line. */
export function slopes(slope: Slope): string {
  const points = slope.lines.flatMap((each) => each.points)
  const xs = points.map(({ x }) => Math.log10(x))
  const [from, to] = [Math.min(...xs), Math.max(...xs)]
  const step = stepOf(Math.max(...points.map(({ y }) => y)))
  const top = Math.ceil(Math.max(...points.map(({ y }) => y)) / step) * step
  const across = (x: number): number =>
    AREA.left + ((Math.log10(x) - from) / Math.max(1, to - from)) * (AREA.right - AREA.left)
  const up = (y: number): number => AREA.bottom - (y / top) * (AREA.bottom - AREA.top)
  const sizes = [...new Set(points.map(({ x }) => x))]
  const heights = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => round(index * step * 100) / 100)
  const body = [
    ...heading(slope),
    ...heights.flatMap((y) => [
      line(AREA.left, up(y), AREA.right, up(y), 'rule'),
      text(AREA.left - 12, up(y) + 4, 'mark', y.toLocaleString('en-US'), 'end'),
    ]),
    text(AREA.left - 12, AREA.top - 14, 'mark', slope.unit, 'end'),
    ...sizes.map((x) => text(across(x), AREA.bottom + 20, 'mark', x.toLocaleString('en-US'), 'middle')),
    text((AREA.left + AREA.right) / 2, AREA.bottom + 40, 'mark', slope.along, 'middle'),
    ...slope.lines.toReversed().flatMap(({ kind, points: of }) => {
      const path = of.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(across(x))} ${round(up(y))}`).join('')
      const dots = of.map(
        ({ x, y }) => `<circle class="b-${kind}" cx="${round(across(x))}" cy="${round(up(y))}" r="4"/>`,
      )
      return [`<path class="l-${kind}" d="${path}"/>`, ...dots]
    }),
    ...labels(slope, up),
    text(LEFT, AREA.bottom + 68, 'story', growthOf(slope.growth)),
  ]
  return page(AREA.bottom + 86, `${slope.title}: ${growthOf(slope.growth)}`, body)
}

/** Beside the end of each line, without overlaps. */
function labels({ lines, unit }: Slope, up: (y: number) => number): string[] {
  let above = -Infinity
  return lines
    .map(({ label, kind, points }) => ({ label, kind, last: points.at(-1)?.y ?? 0 }))
    .sort((a, b) => b.last - a.last)
    .flatMap(({ label, kind, last }) => {
      const y = Math.max(up(last) + 4, above + 36)
      above = y
      const name = kind === 'ours' ? 'ours' : 'name'
      return [text(AREA.right + 18, y, name, `${short(last)} ${unit}`), text(AREA.right + 18, y + 15, 'mark', label)]
    })
}

/** A round number, about a quarter of the highest figure. */
function stepOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 4))
  return [1, 2, 5, 10].map((times) => times * power).find((step) => most / step <= 5) ?? power
}
