import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { matrixApart } from './apart.ts'
import { HELP, readArgs, type TruthArgs } from './args.ts'
import { closingLines } from './closings.ts'
import { documentOf } from './document.ts'
import { type Finding, sizeOf, transportOf } from './matrix.ts'
import { jobsOf, processes } from './processes.ts'
import { progress } from './progress.ts'
import { ROOT, subjects } from './subjects.ts'
import { summaryOf } from './summary.ts'
import { cellsOf, lawTable, tableOf } from './table.ts'

/** Proves the table. Gives the exit code. */
async function prove({ row, providers, json, write, quick }: TruthArgs): Promise<number> {
  const proved = await subjects(providers)
  const jobs = jobsOf(proved, row, quick)
  const total = sizeOf(proved, row) + jobs.length
  let done = 0
  const line = progress()
  const startedAt = performance.now()
  const show = (finding: Finding): void => {
    const { provider, place, law } = finding
    line.show(`${++done} of ${total}  ${provider}, ${transportOf(finding)}, ${place}: ${law}`)
  }
  const ids = proved.map(({ id }) => id)
  const findings = await matrixApart(ids, { row, quick }, show)
  for await (const finding of processes(jobs)) {
    findings.push(finding)
    show(finding)
  }
  line.end()
  const summary = summaryOf(findings, row)
  if (json) process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`)
  else process.stdout.write(`${row === undefined ? tableOf(cellsOf(findings)) : lawTable(findings)}\n\n`)
  for (const finding of summary.wrong) {
    const { law, provider, form, place, observed } = finding
    process.stderr.write(`\nWRONG: ${law}\n  ${provider}, ${transportOf(finding)}, ${form}, ${place}: ${observed}\n`)
  }
  for (const hole of summary.missing) process.stderr.write(`MISSING: ${hole}\n`)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  const out = json ? process.stderr : process.stdout
  const closings = closingLines(findings)
  if (closings !== '') out.write(`${closings}\n`)
  out.write(`${summary.line}; ${seconds} s\n`)
  const right = summary.wrong.length === 0 && summary.missing.length === 0
  if (write && right) writeFileSync(join(ROOT, 'docs/truth-table.md'), documentOf(findings))
  if (write && !right) process.stderr.write('Not written: first the table must be right.\n')
  return right ? 0 : 1
}

async function main(args: readonly string[]): Promise<number> {
  let read: TruthArgs
  try {
    read = readArgs(args)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return 2
  }
  if (read.help) {
    process.stdout.write(HELP)
    return 0
  }
  if (!read.competitors) return prove(read)
  const { compareCompetitors } = await import('./competitors/compare.ts')
  return compareCompetitors(read)
}

process.exitCode = await main(process.argv.slice(2))
