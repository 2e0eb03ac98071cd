import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMPETITORS_FOLDER } from '@rivulet/bench/competitors'
import { markdown } from '../markdown.ts'
import { cut } from '../table.ts'
import { dateAnd } from '../versions.ts'
import { type CompetitorFinding, rightOf, verdictsOf } from './finding.ts'
import { type Competitor, COMPETITORS } from './competitors.ts'
import { LIMITS } from './run.ts'

const INTRO = `# The same faults, other libraries

Each library reads the same bytes, from the same raw TCP server, in a process of its own, in the way in which its own
documentation reads a stream ([bench/competitors](../bench/competitors)). It is told two things only: no retries, so that a fault is seen
and not repeated; and short timeouts wherever it has an option for one, because nobody waits ten minutes for a table.`

const seconds = (ms: number): string => `${ms / 1000} seconds`

const VERDICTS = `The verdicts follow from facts: what the loop did, what the server saw.

- ✓: an error where the answer did not come whole, with the endpoint's own words where it had some; the whole text where it did;
  and where the server keeps the connection open, closed within ${seconds(LIMITS.closeMs)}.
- **quiet success**: the loop ends as if all were well. An abort that ends it so is one, too: nothing tells it from an end.
- **wrong error**: one that does not say what the endpoint said, or one where all was well.
- **hangs**: neither an end nor an error ${seconds(LIMITS.settleMs)} after the request. Where Node's \`fetch\` is below, it would end five
  minutes of silence; a trickle it would not.
- **leaves the socket open**: the caller is done, and the endpoint goes on sending.
- **takes all of it**: 100 MiB that nobody wants are read.
- **follows it**: the question goes to another origin, **with the key** or without.
- –: the dialect has no such thing.`

const FAIR = `Not all of these are faults by each library's own lights: who says that a stream is only what came, and that the reader has to
look for a finish reason, is not wrong about that. This page asks what a loop that does nothing but read is told.`

/** docs/competitors.md. */
export function competitorsDocument(findings: readonly CompetitorFinding[], date = new Date()): string {
  const parts = [
    INTRO,
    ...(['chat completions', 'messages'] as const).flatMap((dialect) => {
      const competitors = COMPETITORS.filter((competitor) => competitor.dialect === dialect)
      return [
        `## ${dialect === 'messages' ? 'The Messages dialect' : 'Chat completions'}`,
        verdictTable(findings, competitors),
      ]
    }),
    VERDICTS,
    FAIR,
    '## How each was read',
    howTable(),
    '<details>\n<summary>What was said where there is no ✓</summary>',
    wordsTable(findings),
    '</details>',
    `Run it: \`npx -y pnpm@12 truth --competitors\`, and \`--write\` for this page, which nobody changes by hand. ${dateAnd(date)}.`,
  ]
  return `${parts.join('\n\n')}\n`
}

function verdictTable(findings: readonly CompetitorFinding[], competitors: readonly Competitor[]): string {
  const names = competitors.map(({ name }) => name)
  const lines = verdictsOf(findings, names).map(({ row, fault, verdicts }) => [
    String(row),
    fault,
    ...verdicts.map(shown),
  ])
  const right = names.map((name) => `**${rightOf(findings, name)}**`)
  return markdown(['#', 'the fault', ...names], [...lines, ['', '**right**', ...right]], ['right'])
}

function shown(verdict: CompetitorFinding['verdict']): string {
  if (verdict === 'right') return '✓'
  return verdict === 'no such thing' ? '–' : `**${verdict}**`
}

function howTable(): string {
  const versions = (
    JSON.parse(readFileSync(join(COMPETITORS_FOLDER, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
  ).dependencies
  const lines = COMPETITORS.map(({ name, packages, reads, defaults, told }) => [
    packages.length === 0 ? name : packages.map((one) => `\`${one}\` ${versions[one] ?? ''}`).join(', '),
    reads,
    defaults,
    told,
  ])
  return markdown(['library', 'read by', 'its defaults', 'told here'], lines)
}

/** What fits in a cell. */
const WORDS = 110

function wordsTable(findings: readonly CompetitorFinding[]): string {
  const lines = findings
    .filter(({ facts, verdict }) => facts !== undefined && verdict !== 'right')
    .map(({ row, fault, competitor, facts }) => [String(row), fault, competitor, cell(facts)])
  return markdown(['#', 'the fault', 'library', 'what it did'], lines, ['right'])
}

function cell(facts: CompetitorFinding['facts']): string {
  if (facts === undefined) return ''
  const words = facts.error ?? (facts.outcome === 'hangs' ? 'nothing' : `${facts.outcome}: “${facts.text}”`)
  // The port of one run, a hundred megabytes of x, and what a table can't hold.
  const told = words
    .slice(0, 2_000)
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1')
    .replaceAll(/x{20,}/g, 'xxx…')
  return cut(told.replaceAll(/[|<>]/g, ' '), WORDS)
}
