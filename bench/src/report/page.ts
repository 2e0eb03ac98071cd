import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ratioOf, short } from '../figures.ts'
import type { Machine } from '../machine.ts'
import { isMet, judged, type Profile, type Race, type Result, type Row, type Slope } from '../result.ts'
import { bars } from './bars.ts'
import { slopes } from './slopes.ts'
import { percent, roomsOf, targetOf, verdictOf } from './terminal.ts'

export interface Report {
  machine: Machine
  quick: boolean
  results: readonly Result[]
}

/** A page with the results of some suites. */
interface Page {
  /** Below the folder of the documentation. */
  file: string
  title: string
  /** The command that writes it. */
  command: string
  introduction: string
  /** From the page to its pictures. */
  pictures: string
}

/** Writes `benchmarks.md`, the page of the gateway and their pictures into a folder: each page of which there are results. */
export async function writePages(docs: string, report: Report): Promise<void> {
  const pictures = join(docs, 'benchmarks')
  await mkdir(pictures, { recursive: true })
  for (const result of report.results) {
    const picture = pictureOf(result)
    if (picture !== undefined) await writeFile(join(pictures, `${result.id}.svg`), picture)
  }
  const isGateway = ({ suite }: Result): boolean => suite === GATEWAY_SUITE
  for (const [page, results] of [
    [STREAMS, report.results.filter((result) => !isGateway(result))],
    [GATEWAY, report.results.filter(isGateway)],
  ] as const) {
    if (results.length > 0) await writeFile(join(docs, page.file), pageOf({ ...report, results }, page))
  }
}

function pictureOf(result: Result): string | undefined {
  if (result.kind === 'slope') return slopes(result)
  // A figure compared with itself has no floor to draw.
  return result.rows.some(({ isFloor }) => isFloor) ? bars(result) : undefined
}

export function pageOf({ machine, quick, results }: Report, page: Page = STREAMS): string {
  const { cpu, cores, memoryGb, system, node, date, load = 0 } = machine
  const { title, command, introduction, pictures } = page
  return `${[
    `# ${title}`,
    `_Written by \`${command}\` on ${date}${quick ? ', with few rounds (`--quick`)' : ''}: ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node}${load > 2 * cores ? `, a busy machine (load ${load})` : ''}. Do not edit._`,
    introduction,
    '## Targets',
    summary(results),
    ...results.flatMap((result) => [`## ${result.title}`, ...sectionOf(result, pictures)]),
  ].join('\n\n')}\n`
}

const STREAMS_INTRODUCTION = `The cost of a stream, side by side with the alternatives. Times depend on the machine; read the ratios, which are to the floor of
the same run: **undici's \`request\`, lines, \`JSON.parse\` of each**, the plainest loop that reads an answer
correctly, without deadlines, errors, abort or an end mark.

\`\`\`sh
pnpm bench            # everything, in about 17 minutes
pnpm bench --quick    # in three minutes
pnpm bench --only paced --profile /tmp/profiles
\`\`\`

How it avoids fooling itself: the sending side and every contender are processes of their own, each side on a core of its own
where \`taskset\` is available; the figure is the CPU time of the contender's process (user and system), not the clock; contenders
take turns, round by round; the first ten rounds or so of a process are not counted; every round's text is checked against the text
that was sent; garbage collection is never forced. Figures are medians, with the lowest and the highest of all rounds, and ratios are
medians of each round's ratio, because a slow machine affects both sides of it. The competitors are pinned in \`bench/competitors\`,
run with their defaults, and read the way their own documentation does. What the profiles showed is in
[decisions/profiles.md](decisions/profiles.md). A gateway between clients and endpoints has
[a page of its own](benchmarks/gateway.md).`

const STREAMS: Page = {
  file: 'benchmarks.md',
  title: 'Benchmarks',
  command: 'pnpm bench --write',
  introduction: STREAMS_INTRODUCTION,
  pictures: 'benchmarks/',
}

/** The suite that has a page of its own. */
export const GATEWAY_SUITE = 'gateway'

const GATEWAY: Page = {
  file: 'benchmarks/gateway.md',
  title: 'Benchmarks of the gateway',
  command: 'pnpm bench --only gateway --write',
  introduction: `The cost of a server between clients and an endpoint. Times depend on the machine, and on what else it does; read the ratios, which
are to the floor of the same run: **node:http in front of \`undici.dispatch\`, every chunk parsed and written anew**, the plainest
server that could speak two dialects, without keys, limits, metrics, deadlines or a check of the end. Ours has all of these.

Each server is a process of its own, on a core of its own where \`taskset\` is available; the endpoint is another, and so are the
clients. CPU is that of the server alone, with all its threads and workers, as the kernel counts it in \`/proc\`. Servers take turns,
round by round. nginx passes bytes through, and takes part where it is installed; the competitors are pinned in
\`bench/competitors\`. Where our time goes is in [profiles](../decisions/profiles.md#a-gateway).`,
  pictures: '',
}

/** All targets in one table. */
function summary(results: readonly Result[]): string {
  const lines = results.flatMap((result) => (result.kind === 'race' ? askedOf(result) : [grownOf(result)]))
  return table(['', '', 'target', 'measured', ''], lines, ['left', 'left', 'right', 'right', 'left'])
}

function askedOf({ title, rows, unit, versus = '× floor' }: Race): string[][] {
  return rows.flatMap((row) => {
    if (row.target === undefined) return []
    const ofRatio = 'ratio' in row.target
    const measured = ofRatio ? `${ratioOf(row.ratio ?? 0)} ${versus}` : `${short(row.median)} ${unit}`
    return [[title, row.label, targetOf(row.target), measured, isMet(row) === true ? '✓' : '**missed**']]
  })
}

function grownOf({ title, growth: grown }: Slope): string[] {
  const { growth, isMet } = judged(grown)
  const measured = `${growth.toFixed(2)} for ten times as many${grown.holdsFloor === true ? ', beyond the floor' : ''}`
  return [title, grown.of, `≤ ${grown.target.toFixed(2)}`, measured, isMet ? '✓' : '**missed**']
}

function sectionOf(result: Result, pictures: string): string[] {
  const picture = pictureOf(result) === undefined ? [] : [`![${result.title}](${pictures}${result.id}.svg)`]
  const head = [result.about, ...picture]
  if (result.kind === 'slope') return [...head, slopeTable(result)]
  return [...head, raceTable(result), ...(result.profile === undefined ? [] : whyOf(result.profile))]
}

function raceTable({ rows, unit, versus = '× floor' }: Race): string {
  const cells = rows.map((row) => [
    nameOf(row),
    short(row.median),
    spreadOf(row),
    row.ratio === undefined ? '' : ratioOf(row.ratio),
    verdictOf(row),
  ])
  return table(['', unit, 'min – max', versus, 'target'], cells, ['left', 'right', 'right', 'right', 'left'])
}

const nameOf = ({ label, kind, isFloor }: Row): string =>
  isFloor ? `_${label} (the floor)_` : kind === 'ours' ? `**${label}**` : label

const spreadOf = ({ min, max }: Row): string => (min === max ? '' : `${short(min)} – ${short(max)}`)

function slopeTable({ lines, unit, along }: Slope): string {
  const sizes = lines[0]?.points.map(({ x }) => x.toLocaleString('en-US')) ?? []
  const cells = lines.map(({ label, kind, points }) => [
    kind === 'ours' ? `**${label}**` : label,
    ...points.map(({ y }) => short(y)),
  ])
  return table([`${unit} by ${along}`, ...sizes], cells, ['left', ...sizes.map(() => 'right' as const)])
}

function whyOf({ label, rooms, hot }: Profile): string[] {
  const cells = hot.map(({ name, place, share }) => [`\`${name}\``, place, percent(share)])
  return [
    `A target is missed. The CPU time of **${label}**: ${roomsOf(rooms)}. Its functions, by their own time:`,
    table(['function', '', 'share'], cells, ['left', 'left', 'right']),
  ]
}

type Side = 'left' | 'right'

/** A table as the formatter writes it. */
function table(head: readonly string[], rows: readonly (readonly string[])[], sides: readonly Side[]): string {
  const widths = head.map((title, at) =>
    Math.max(3, ...[title, ...rows.map((row) => row[at] ?? '')].map((cell) => cell.length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, at) => padded(cells[at] ?? '', width, sides[at] ?? 'left')).join(' | ')} |`
  const rule = widths.map((width, at) => (sides[at] === 'right' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')
}

function padded(words: string, width: number, side: Side): string {
  const room = ' '.repeat(width - words.length)
  return side === 'right' ? room + words : words + room
}
