import type { Scenario } from './scenario.ts'
import type { Outcome } from './simulate.ts'

/** The outcomes of a scenario, for a terminal. */
export function table({ title, story }: Scenario, outcomes: readonly Outcome[]): string {
  const head = ['policy', 'answered', 'p50', 'p95', 'p99', 'requests/call', 'load']
  const rows = outcomes.map((outcome) => [
    outcome.policy,
    percent(outcome.answered / outcome.calls),
    ...[outcome.p50, outcome.p95, outcome.p99].map(seconds),
    (outcome.requests / outcome.calls).toFixed(3),
    [...outcome.load].map(([name, count]) => `${name} ${Math.round((100 * count) / outcome.requests)}%`).join('  '),
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 || column === 6 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [`\n${title}. ${story}`, line(head), ...rows.map(line)].join('\n')
}

/** Never rounded up to all. */
export function percent(part: number): string {
  return part === 1 ? '100 %' : `${(Math.floor(part * 10_000) / 100).toFixed(2)} %`
}

export function seconds(ms: number): string {
  if (Number.isNaN(ms)) return '–'
  return ms < 9950 ? `${(ms / 1000).toFixed(2)} s` : `${(ms / 1000).toFixed(1)} s`
}
