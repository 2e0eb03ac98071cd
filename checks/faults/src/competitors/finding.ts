import type { Facts, Verdict } from './verdict.ts'

/** The result of one library under one fault. */
export interface CompetitorFinding {
  competitor: string
  row: number
  fault: string
  verdict: Verdict | 'no such thing'
  facts?: Facts
}

/** The verdicts of these competitors, fault by fault. */
export function verdictsOf(
  findings: readonly CompetitorFinding[],
  names: readonly string[],
): { row: number; fault: string; verdicts: CompetitorFinding['verdict'][] }[] {
  return [...Map.groupBy(findings, ({ fault }) => fault)].map(([fault, found]) => ({
    row: found[0]?.row ?? 0,
    fault,
    verdicts: names.flatMap((name) =>
      found.filter(({ competitor }) => competitor === name).map(({ verdict }) => verdict),
    ),
  }))
}

/** `21 of 23` */
export function rightOf(findings: readonly CompetitorFinding[], name: string): string {
  const of = findings.filter(({ competitor, verdict }) => competitor === name && verdict !== 'no such thing')
  return `${of.filter(({ verdict }) => verdict === 'right').length} of ${of.length}`
}
