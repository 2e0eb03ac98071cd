import { stripVTControlCharacters } from 'node:util'
import type { Report } from './check.ts'
import { scenarios } from './scenarios.ts'

/** The reports as a table, with every failure in full below it. */
export function table(reports: readonly Report[]): string {
  const rows = [
    ['PROVIDER', 'MODEL', ...Object.keys(scenarios).map((name) => name.toUpperCase())],
    ...reports.map(({ subject: { name, model }, outcomes }) => [
      name,
      model,
      ...outcomes.map(({ state, words, ms }) =>
        state === 'none' ? '–' : state === 'wrong' ? 'WRONG' : `${words}, ${(ms / 1000).toFixed(1)} s`,
      ),
    ]),
  ]
  const wrong = reports.flatMap(({ subject: { name }, outcomes }) =>
    outcomes
      .filter(({ state }) => state === 'wrong')
      .map(({ scenario, words }) => `${name}, ${scenario}: ${plain(words)}\n`),
  )
  return `${aligned(rows)}${wrong.length > 0 ? `\n${wrong.join('')}` : ''}`
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** The cost, as far as the endpoints report usage and the catalog has prices. */
export function spent(reports: readonly Report[]): string {
  const sum = (of: (report: Report) => number | undefined): number =>
    reports.reduce((total, report) => total + (of(report) ?? 0), 0)
  const tokens = `${sum(({ inputTokens }) => inputTokens)} tokens in, ${sum(({ outputTokens }) => outputTokens)} out`
  const unpriced = reports.filter(({ dollars }) => dollars === undefined).map(({ subject: { name } }) => name)
  const known = `${sum(({ dollars }) => dollars).toFixed(4)} US dollars`
  return unpriced.length === 0
    ? `${tokens}, ${known}`
    : `${tokens}, ${known} and the unknown cost of ${unpriced.join(', ')}`
}

/** Text from an endpoint without control characters, which a terminal would execute. */
const plain = (words: string): string => stripVTControlCharacters(words).replaceAll(/[\p{Cc}\s]+/gu, ' ')
