import type { Scenario } from './scenario.ts'
import type { Outcome } from './simulate.ts'
import { percent, seconds } from './table.ts'

/** Of a picture, in its own units. */
const WIDTH = 960
const TOP = 112
const ROW = 44
const COLUMNS = { name: 28, answered: 208, time: 352, timeEnd: 640, requests: 676, load: 776, end: 932 }
/** The axis of times, in milliseconds; each step of it is a factor. */
const AXIS = { from: 250, to: 40_000, marks: [300, 1000, 3000, 10_000, 30_000] }

/** A page for day and night: its colours follow the reader's. */
const STYLE = `
  svg { font: 13px/1 ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif; color-scheme: light dark }
  .page { fill: #fbfcfd } .rule { stroke: #e3e8ee } .band { fill: #f1f5f9 } .title { font-size: 20px; font-weight: 650; fill: #0f1b2d }
  .story, .head, .mark { fill: #5b6b7f } .head { font-size: 11px; letter-spacing: .06em; text-transform: uppercase }
  .mark { font-size: 11px } .name { fill: #0f1b2d; font-weight: 550 } .value { fill: #26374d; font-variant-numeric: tabular-nums }
  .track { fill: #e3e8ee } .good { fill: #0e9f8e } .fair { fill: #d99a1c } .bad { fill: #d8475b }
  .span { stroke: #7aa7d9; stroke-width: 3; stroke-linecap: round } .p50 { fill: #1e6fc4 } .p95 { fill: #fbfcfd; stroke: #1e6fc4; stroke-width: 2 }
  .p99 { fill: #1e6fc4 } .l0 { fill: #1e6fc4 } .l1 { fill: #58a5e0 } .l2 { fill: #0e9f8e } .l3 { fill: #9ccfc0 } .on { fill: #fff; font-size: 11px }
  .on3 { fill: #0f1b2d; font-size: 11px }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0e1520 } .rule { stroke: #243142 } .band { fill: #131d2b } .title, .name { fill: #eef3f9 } .story, .head, .mark { fill: #93a4b8 }
    .value { fill: #d3deea } .track { fill: #243142 } .good { fill: #2cc2ae } .fair { fill: #e6b450 } .bad { fill: #f0687a }
    .span { stroke: #35608f } .p50, .p99 { fill: #6db3f5 } .p95 { fill: #0e1520; stroke: #6db3f5 }
    .l0 { fill: #2a78cc } .l1 { fill: #3f8fc9 } .l2 { fill: #14897c } .l3 { fill: #6fae9f }
  }`

/** The outcomes of a scenario as one picture: a row for each policy. */
export function plot(scenario: Scenario, outcomes: readonly Outcome[]): string {
  const height = TOP + outcomes.length * ROW + 44
  const body = [
    `<rect class="page" width="${WIDTH}" height="${height}" rx="14"/>`,
    text(COLUMNS.name, 38, 'title', scenario.title),
    ...wrapped(scenario.story, 118).map((line, index) => text(COLUMNS.name, 62 + index * 17, 'story', line)),
    text(COLUMNS.answered, TOP - 12, 'head', 'answered'),
    text(COLUMNS.time, TOP - 12, 'head', 'time to first content'),
    text(COLUMNS.requests, TOP - 12, 'head', 'requests'),
    text(COLUMNS.load, TOP - 12, 'head', 'load'),
    ...outcomes.flatMap((_, index) => band(index)),
    ...AXIS.marks.map((ms) => axisMark(ms, height)),
    ...outcomes.flatMap((outcome, index) => row(outcome, index)),
    ...legend(height),
  ]
  const label = `${scenario.title}: ${outcomes.map(({ policy, answered, calls, p99 }) => `${policy} ${percent(answered / calls)}, p99 ${seconds(p99)}`).join('; ')}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(label)}">
<style>${STYLE}
</style>
${body.join('\n')}
</svg>
`
}

/** The background of every other row. */
function band(index: number): string[] {
  const y = TOP + index * ROW
  return index % 2 === 0 ? [`<rect class="band" x="12" y="${y}" width="${WIDTH - 24}" height="${ROW}" rx="8"/>`] : []
}

function row(outcome: Outcome, index: number): string[] {
  const y = TOP + index * ROW
  const middle = y + ROW / 2
  const { policy, calls, answered, p50, p95, p99, requests, load } = outcome
  const part = answered / calls
  const level = part >= 0.999 ? 'good' : part >= 0.95 ? 'fair' : 'bad'
  return [
    text(COLUMNS.name, middle + 4.5, 'name', policy),
    text(COLUMNS.answered, middle - 1, 'value', percent(part)),
    bar(COLUMNS.answered, middle + 6, 112, 4, 'track'),
    bar(COLUMNS.answered, middle + 6, 112 * part, 4, level),
    ...times(middle, p50, p95, p99),
    text(COLUMNS.requests, middle + 4.5, 'value', `× ${(requests / calls).toFixed(2)}`),
    ...loads(middle, [...load], requests),
  ]
}

function times(y: number, p50: number, p95: number, p99: number): string[] {
  if (Number.isNaN(p50)) return [text(COLUMNS.time, y + 4.5, 'mark', 'no answer')]
  const [a, b, c] = [p50, p95, p99].map(across)
  if (a === undefined || b === undefined || c === undefined) return []
  // The figure goes where there is room for it.
  const label = c > COLUMNS.timeEnd - 50 ? ` text-anchor="end" x="${round(a - 10)}"` : ` x="${round(c + 12)}"`
  return [
    `<line class="span" x1="${round(a)}" y1="${y}" x2="${round(c)}" y2="${y}"/>`,
    `<circle class="p50" cx="${round(a)}" cy="${y}" r="5"/>`,
    `<circle class="p95" cx="${round(b)}" cy="${y}" r="4.5"/>`,
    `<rect class="p99" x="${round(c - 4)}" y="${y - 4}" width="8" height="8" transform="rotate(45 ${round(c)} ${y})"/>`,
    `<text class="mark"${label} y="${y + 4}">${seconds(p99)}</text>`,
  ]
}

function loads(y: number, load: readonly (readonly [string, number])[], requests: number): string[] {
  const width = COLUMNS.end - COLUMNS.load
  let x = COLUMNS.load
  return load.flatMap(([name, count], index) => {
    const wide = (width * count) / Math.max(1, requests)
    const left = x
    x += wide
    if (wide < 0.5) return []
    const label = wide > 9 + name.length * 6 ? [text(left + 6, y + 4, index === 3 ? 'on3' : 'on', name)] : []
    return [bar(left, y - 8, Math.max(0.5, wide - 1.5), 16, `l${index % 4}`), ...label]
  })
}

function axisMark(ms: number, height: number): string {
  const x = round(across(ms))
  const bottom = height - 40
  return `<line class="rule" x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom}"/>${text(x, bottom + 16, 'mark', `${ms / 1000} s`, 'middle')}`
}

function legend(height: number): string[] {
  const y = height - 20
  return [
    `<circle class="p50" cx="${COLUMNS.name + 5}" cy="${y}" r="5"/>`,
    text(COLUMNS.name + 16, y + 4, 'mark', 'median'),
    `<circle class="p95" cx="${COLUMNS.name + 75}" cy="${y}" r="4.5"/>`,
    text(COLUMNS.name + 86, y + 4, 'mark', '95 %'),
    `<rect class="p99" x="${COLUMNS.name + 127}" y="${y - 4}" width="8" height="8" transform="rotate(45 ${COLUMNS.name + 131} ${y})"/>`,
    text(COLUMNS.name + 143, y + 4, 'mark', '99 %, in figures'),
    text(COLUMNS.end, y + 4, 'mark', 'requests: for each call', 'end'),
  ]
}

/** The place of a time on the axis. */
function across(ms: number): number {
  const part = Math.log(Math.min(AXIS.to, Math.max(AXIS.from, ms)) / AXIS.from) / Math.log(AXIS.to / AXIS.from)
  return COLUMNS.time + part * (COLUMNS.timeEnd - COLUMNS.time)
}

function text(x: number, y: number, name: string, words: string, anchor?: 'middle' | 'end'): string {
  const at = anchor === undefined ? '' : ` text-anchor="${anchor}"`
  return `<text class="${name}" x="${round(x)}" y="${round(y)}"${at}>${escaped(words)}</text>`
}

const bar = (x: number, y: number, width: number, height: number, name: string): string =>
  `<rect class="${name}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" rx="2"/>`

const round = (value: number): number => Math.round(value * 10) / 10

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

function wrapped(words: string, width: number): string[] {
  const lines: string[] = ['']
  for (const word of words.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
