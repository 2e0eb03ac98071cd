import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './matrix.ts'
import { ROWS } from './rows.ts'
import { ROOT } from './subjects.ts'
import { summaryOf } from './summary.ts'
import { cellsOf } from './table.ts'

const INTRO = `# How a stream may end

What you get for everything that an endpoint, a network or you yourself can do to an answer. It holds for every provider, for
streams and for answers in one piece (\`stream: false\`), on both transports, alone and in a group. Written by
\`pnpm truth --write\`, which proves each row over real sockets; by hand it is not changed.

"Closed" is: the connection is closed or back in its pool, nothing is left pending, and the process can exit. Errors are
\`ChatError\`s; the words in \`code\` are their codes. What had arrived is in \`error.partial\`; of an abort, \`partialOf(reason)\`
gives it. In a group (\`failover\` and its like), what fails before its first content goes to the next member unseen, but for
\`bad-request\` and \`content-filter\`, which the next would answer alike; what fails behind content ends as \`onBreak\` says.`

const LEGEND = `How many laws were tried and held, on both transports together: streamed and in one piece, alone / in a group. \`-\`: the row
says nothing of this provider (a dialect without tool calls has none that could be cut). Run \`pnpm truth --row 6\` for each law
by name, with what was observed.`

/** docs/truth-table.md. */
export function documentOf(findings: readonly Finding[], date = new Date()): string {
  const rows = ROWS.map(({ row, world, caller }) => [String(row), world, caller])
  const parts = [
    INTRO,
    markdown(['#', 'What happens', 'What you get'], rows),
    '## What was proved',
    LEGEND,
    markdown(...matrixOf(findings)),
    `Closing time, measured from a process of its own to the server's close event: ${closings(findings)}.`,
    `${date.toISOString().slice(0, 10)}, Node ${process.versions.node}, undici ${versionOf('undici')}, core ${versionOf('packages/core')}. ${summaryOf(findings).line}.`,
  ]
  return `${parts.join('\n\n')}\n`
}

function matrixOf(findings: readonly Finding[]): [string[], string[][]] {
  const providers = [...new Set(findings.map(({ provider }) => provider))]
  const cells = cellsOf(findings)
  const lines = ROWS.map(({ row }) => [
    String(row),
    ...providers.map((provider) => {
      const counts = (['alone', 'in a group'] as const).map((place) => {
        const found = cells.filter((cell) => cell.row === row && cell.provider === provider && cell.place === place)
        const proved = found.reduce((sum, cell) => sum + cell.proved, 0)
        return proved === 0 ? '-' : String(proved)
      })
      return counts.join(' / ')
    }),
  ])
  return [['#', ...providers], lines]
}

/** `break 0.8 to 2.1 ms; abort …` */
function closings(findings: readonly Finding[]): string {
  const words = ['breaks', 'aborts'].map((how) => {
    const found = findings.filter(({ law }) => law === `in a process of its own: the caller ${how}`)
    const times = found.map(({ observed }) => Number(/after ([\d.]+) ms/.exec(observed)?.[1])).sort((a, b) => a - b)
    return `the caller ${how}: ${times.at(0)} to ${times.at(-1)} ms`
  })
  return words.join('; ')
}

/** Columns as wide as they need to be, as the formatter has them. */
export function markdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((name, at) => Math.max(3, name.length, ...lines.map((line) => line[at]?.length ?? 0)))
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n')
}

function versionOf(name: string): string {
  const folders = [join(ROOT, name), join(ROOT, 'node_modules', name)]
  const folder = folders.find((one) => existsSync(join(one, 'package.json')))
  if (folder === undefined) return 'unknown'
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  return version
}
