import type { Cell } from './table.ts'
import { bases, calls } from './table.ts'
import type { Row } from './rows.ts'

/** A row with what became of it: by call, then by the model that it is given. */
export interface Line {
  row: Row
  cells: Readonly<Record<string, readonly Cell[]>>
  page: Cell
}

const INTRO = `# The AI SDK under faults

What a user of the AI SDK (\`ai\` 7) sees when the endpoint does this, whenever it is asked: with the AI SDK's own provider, with
\`asLanguageModel()\` on one member, and on a failover of two, of which the second is sound. The number is that of the requests.
A run of \`npx -y pnpm@12 ai-sdk --write\` wrote this page; the numbers are rows of [the truth table](truth-table.md).

- **A part, error**: some text is there, and an error that says that it is not all of it. \`streamText\` can't take back what it has
  given. \`generateText\` has given nothing, so there the answer starts over.
- \`ai\` has its usual two retries; its provider has the limits that \`timeout\` sets, ours have \`deadlines\` of the same.
- The failover's errors are not retryable for \`ai\`: its retries do not multiply ours.
`

const padded = (text: string, width: number): string => text.padEnd(width)

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((name, at) => Math.max(name.length, 3, ...lines.map((line) => (line[at] ?? '').length)))
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((each, at) => padded(each, widths[at] ?? 0)).join(' | ')} |`
  const rule = widths.map((width, at) => (at === 0 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  const align = (cells: readonly string[]): string[] =>
    cells.map((each, at) => (at === 0 ? each.padStart(widths[0] ?? 0) : each))
  return [row(align(head)), row(rule), ...lines.map((line) => row(align(line)))].join('\n')
}

const said = ({ outcome, requests }: Cell): string => `${outcome} (${requests})`

/** The page of a run. */
export function page(lines: readonly Line[]): string {
  const tables = Object.keys(calls).map((call) => {
    const body = lines.map(({ row, cells }) => [String(row.row), row.what, ...(cells[call] ?? []).map(said)])
    const title = call.startsWith('a ') ? `A${call.slice(1)} (\`generateText\` with tools)` : `\`${call}\``
    return `## ${title}\n\n${table(['#', 'the endpoint', ...bases], body)}\n`
  })
  const drawn = lines.map(({ row, page: cell }) => [String(row.row), row.what, said(cell)])
  const useChat = `## A page with \`useChat\`

\`toUIMessageStream()\` on the same failover, with \`onBreak: 'restart'\`: a page can take back what it has drawn.

${table(['#', 'the endpoint', 'a failover of two'], drawn)}
`
  return [INTRO, ...tables, useChat].join('\n')
}
