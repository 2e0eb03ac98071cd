import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Count } from './count.ts'

const HEAD = `# The same tasks, side by side

What a task takes with Rivulet, with [\`ai\`](https://ai-sdk.dev) and with [\`openai\`](https://github.com/openai/openai-node). Each
cell is a program in [examples/compare](../examples/compare), written as the library's own documentation does it;
\`npx -y pnpm@12 compare\` runs them all against the simulator, counts them, and writes this page.
`

const FOOT = `
**What counts.** Lines of the formatted program that are neither blank, nor an import, nor a comment; calls of functions and
constructors, of any library. The rule is the same for all three. The run fails when a program does not compile or does
not do its task, and when ours takes more lines or calls than the shortest of the others.

**What they must do.** Print the text as it arrives; print it and its usage; give an object with the type of a zod schema; run a
tool until the model has answered; answer a page's request, and draw the growing answer there, where an answer that breaks
must be a failure and not a short answer; answer although the first provider is down.

**What differs.** Ours name no model where a provider's default will do; theirs have to. In React, \`useChat\` takes the place of
the page's half of \`ai\`. \`ai\` leaves other providers to a package of its community, \`ai-fallback\`. \`openai\` speaks one API, so
its second provider is another host of the same model. Lines are not all: what the three do when a stream breaks is in [what
other libraries do with the same faults](competitors.md).
`

interface Row {
  folder: string
  title: string
  /** In the order of the libraries. */
  counts: readonly Count[]
}

/** The page docs/compare.md. */
export function page(libraries: readonly string[], rows: readonly Row[]): string {
  const cells = (row: readonly string[]): string => `| ${row.join(' | ')} |`
  const table = aligned([
    ['task', ...libraries.map((name) => `\`${name}\` ${versionOf(name)}`.trim())],
    ['-', ...libraries.map(() => '-')],
    ...rows.map(({ folder, title, counts }) => [
      title,
      ...counts.map(
        ({ lines, calls }, index) =>
          `[${lines} ${lines === 1 ? 'line' : 'lines'}](../examples/compare/${folder}/${libraries[index] ?? ''}.ts), ${calls} ${calls === 1 ? 'call' : 'calls'}`,
      ),
    ]),
  ])
  return `${HEAD}\n${table.map(cells).join('\n')}\n${FOOT}`
}

/** Each column as wide as its widest cell, as the formatter has it. */
function aligned(rows: readonly (readonly string[])[]): string[][] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0, cell === '-' ? '-' : ' ')))
}

function versionOf(name: string): string {
  if (name === 'rivulet') return ''
  const manifest = join(import.meta.dirname, 'node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
