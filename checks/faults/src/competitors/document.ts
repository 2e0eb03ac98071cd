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

Each library reads the same bytes, from the same raw TCP server, in a process of its own, the way its own documentation reads a
stream ([bench/competitors](../bench/competitors)). Only two options are set: no retries, so that a fault is seen and not repeated;
and short timeouts where the library has the option, so that the table is made in minutes.`

const seconds = (ms: number): string => `${ms / 1000} seconds`

const VERDICTS = `The verdicts follow from facts: what the loop did, and what the server saw.

- ✓: an error where the answer was not whole, with the endpoint's own words where it sent some; the whole text where it was;
  and where the server keeps the connection open, a close within ${seconds(LIMITS.closeMs)}.
- **quiet success**: the loop ends as if all were well. This includes an abort that ends the loop: it looks like the end of the answer.
- **wrong error**: an error without the endpoint's words, or an error where all was well.
- **hangs**: neither an end nor an error ${seconds(LIMITS.settleMs)} after the request. Node's \`fetch\`, where a library uses it, would end a
  silence after five minutes, but not a trickle.
- **leaves the socket open**: the caller is done, and the endpoint still sends.
- **takes all of it**: 100 MiB are read that serve no purpose.
- **follows it**: the question goes to another origin, **with the key** or without.
- –: not in this dialect.`

const FAIR = `Not all of these are faults by each library's own contract: a library may define a stream as whatever arrived, and leave the check
for a finish reason to the reader. This page asks what a loop that does nothing but read gets to know.`

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
    '<details>\n<summary>What happened where there is no ✓</summary>',
    wordsTable(findings),
    '</details>',
    `Run it: \`npx -y pnpm@12 truth --competitors\`, and \`--write\` for this page; do not edit it. ${dateAnd(date)}.`,
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
  return markdown(['library', 'read by', 'its defaults', 'set here'], lines)
}

/** The most letters of a cell. */
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
  // Without the port of the run, runs of x, and characters that break a table.
  const told = words
    .slice(0, 2_000)
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1')
    .replaceAll(/x{20,}/g, 'xxx…')
  return cut(told.replaceAll(/[|<>]/g, ' '), WORDS)
}
