/** The trials as a table, and as a page. */

import type { Healthy, Tried } from './laws.ts'
import type { Outcome, Through } from './trial.ts'

/** What a cell says of what the agent showed. */
const WORDS = { right: '✓', seam: '**seam**', partial: '**partial**', nothing: '**no answer**' } as const

export function table(tried: readonly Tried[], healthy: readonly Healthy[], ways: readonly Through[]): string {
  const heads = ways.map((way) => (way === 'no gateway' ? way : `\`hold: '${way}'\``))
  const endings = [...new Set(tried.map(({ ending }) => ending))]
  const rows = endings.flatMap(({ name }) =>
    healthy.map(({ agent }) => {
      const own = tried.filter((each) => each.agent === agent && each.ending.name === name)
      return [name, agent, ...ways.map((way) => cell(own.find(({ through }) => through === way)?.outcome))]
    }),
  )
  const usual = healthy.map(({ agent, outcome }) => ['*nothing fails*', agent, cell(outcome)])
  const width = ways.length + 2
  const lines = [['an answer that …', 'agent', ...heads], ...usual, ...rows].map((line) =>
    Array.from({ length: width }, (_, column) => line[column] ?? ''),
  )
  const widths = Array.from({ length: width }, (_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  const written = lines.map((line) => row(line.map((text, column) => text.padEnd(widths[column] ?? 0))))
  written.splice(1, 0, row(widths.map((each) => '-'.repeat(each))))
  return written.join('\n')
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function cell(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not run'
  const { asked, upstream, code, shown, seconds } = outcome
  return `${asked} → ${upstream} · ${code ?? '+'} · ${WORDS[shown]} · ${Math.round(seconds)} s`
}

const NAMES: Readonly<Record<string, string>> = {
  '@anthropic-ai/claude-code': 'Claude Code',
  '@openai/codex': 'Codex',
  'opencode-linux-x64': 'OpenCode',
  '@google/gemini-cli': 'Gemini CLI',
}

export function page(
  tried: readonly Tried[],
  healthy: readonly Healthy[],
  ways: readonly Through[],
  {
    summary,
    faults,
    versions,
  }: { summary: string; faults: readonly string[]; versions: Readonly<Record<string, string>> },
): string {
  const pinned = Object.entries(NAMES).map(([name, short]) => `${short} ${versions[name] ?? ''}`)
  return `# Agents and answers that end badly

Each coding agent is told to count to 5. It asks an endpoint whose every answer ends in one way: straight, and through the
[gateway](../packages/gateway/README.md) over a \`failover\` of that endpoint and a healthy one, by what the gateway holds. Written by
\`npx -y pnpm@12 agents --gateway --write\` ([how](../checks/agents)) on ${new Date().toISOString().slice(0, 10)}, with
${pinned.join(', ')}: ${summary}.

A cell says: requests of the agent → requests that reached an endpoint · exit code · what it showed · seconds, on a busy machine.
\`+\`: it was ended, after 40 s or 60 requests. ✓: the right answer and nothing else; *seam*: also pieces of other answers; *partial*:
pieces alone; *no answer*: less than \`1, 2\`. OpenCode also asks for a title; each agent tries again as often as it does by itself.

- Under \`'answer'\` every agent gets the right answer with as many requests as where nothing fails.
- A failure before the first content is not seen, whatever is held.
- For each request of an agent, at most two reach an endpoint: one for each member of the group.

${faults.length === 0 ? 'All of it holds in this run.' : `Not so in this run:\n\n${faults.map((each) => `- ${each.replace('WRONG ', '')}`).join('\n')}`}

${table(tried, healthy, ways)}
`
}
