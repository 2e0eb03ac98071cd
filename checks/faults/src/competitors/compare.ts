import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installCompetitors } from '@rivulet/bench/competitors'
import { progress } from '../progress.ts'
import { ROOT } from '../subjects.ts'
import { aligned } from '../table.ts'
import { COMPETITOR_CASES, type CompetitorCase } from './cases.ts'
import { competitorsDocument } from './document.ts'
import { type CompetitorFinding, rightOf, verdictsOf } from './finding.ts'
import { type Competitor, COMPETITORS } from './competitors.ts'
import { runCompetitor } from './run.ts'
import { verdictOf } from './verdict.ts'

const AT_ONCE = 2

async function findingOf(competitor: Competitor, one: CompetitorCase): Promise<CompetitorFinding> {
  const about = { competitor: competitor.name, row: one.row, fault: one.name }
  if (one.only !== undefined && one.only !== competitor.dialect) return { ...about, verdict: 'no such thing' }
  const { facts, text } = await runCompetitor(competitor, one)
  return { ...about, verdict: verdictOf(one, facts, text), facts }
}

/** Every competitor under every fault. Returns the exit code, which only Rivulet's own verdicts decide. */
export async function compareCompetitors(options: {
  row: number | undefined
  json: boolean
  write: boolean
}): Promise<number> {
  await installCompetitors()
  const cases = COMPETITOR_CASES.filter(({ row }) => options.row === undefined || row === options.row)
  const jobs = cases.flatMap((one) => COMPETITORS.map((competitor) => ({ competitor, one })))
  const findings: CompetitorFinding[] = []
  const line = progress()
  for (let at = 0; at < jobs.length; at += AT_ONCE) {
    const batch = jobs.slice(at, at + AT_ONCE)
    line.show(`${at} of ${jobs.length}: ${batch[0]?.one.name ?? ''}, ${batch[0]?.competitor.name ?? ''}`)
    findings.push(...(await Promise.all(batch.map(({ competitor, one }) => findingOf(competitor, one)))))
  }
  line.end()
  if (options.json) process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`)
  else process.stdout.write(`${tableOf(findings)}\n`)
  if (options.write && options.row === undefined)
    writeFileSync(join(ROOT, 'docs/competitors.md'), competitorsDocument(findings))
  const wrong = findings.filter(({ competitor, verdict }) => competitor.startsWith('rivulet') && isWrong(verdict))
  return wrong.length === 0 ? 0 : 1
}

const isWrong = (verdict: CompetitorFinding['verdict']): boolean => verdict !== 'right' && verdict !== 'no such thing'

/** For a terminal. */
function tableOf(findings: readonly CompetitorFinding[]): string {
  const names = COMPETITORS.map(({ name }) => name)
  const lines = verdictsOf(findings, names).map(({ row, fault, verdicts }) => [String(row), fault, ...verdicts])
  const right = names.map((name) => `${rightOf(findings, name)} right`)
  return aligned([['row', 'the fault', ...names], ...lines, ['', '', ...right]])
}
