/** The trials as a table, and as a page. */

import type { Tried } from './laws.ts'
import { type Row, STAGES, takesPart, WAYS } from './rows.ts'
import type { Outcome } from './trial.ts'

/** What a cell says of what the agent showed. */
const WORDS = { right: '✓', seam: '**seam**', partial: '**partial**', nothing: '**no answer**' } as const

export function table(tried: readonly Tried[]): string {
  const heads = WAYS.map((way) => (way === 'no gateway' ? way : `\`hold: '${way}'\``))
  const agents = [...new Set(tried.map(({ agent }) => agent))]
  const rows = STAGES.flat()
    .filter((row) => tried.some((each) => each.row === row))
    .flatMap((row) =>
      agents
        .filter((agent) => takesPart(agent, row))
        .map((agent) => {
          const own = tried.filter((each) => each.agent === agent && each.row === row)
          const cells = WAYS.map((way) =>
            row.ways.includes(way) ? cell(own.find(({ through }) => through === way)?.outcome) : '',
          )
          return [titleOf(row), agent.name, ...cells]
        }),
    )
  const width = WAYS.length + 2
  const lines = [['an answer that …', 'agent', ...heads], ...rows]
  const widths = Array.from({ length: width }, (_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  )
  const written = lines.map((cells) => line(cells.map((text, column) => text.padEnd(widths[column] ?? 0))))
  written.splice(1, 0, line(widths.map((each) => '-'.repeat(each))))
  return written.join('\n')
}

const titleOf = ({ name }: Row): string => (name.startsWith('nothing') ? `_${name}_` : name)

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

export function cell(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not run'
  const { asked, upstream, code, shown, missing, halves, seconds } = outcome
  const seen = [
    ...(shown === 'right' && missing.length > 0 ? [] : [WORDS[shown]]),
    ...missing.map((name) => `**${name}**`),
    ...(halves > 0 ? ['**half a call**'] : []),
  ]
  return `${asked} → ${upstream} · ${code ?? '+'} · ${seen.join(', ')} · ${Math.round(seconds)} s`
}

const NAMES: Readonly<Record<string, string>> = {
  '@anthropic-ai/claude-code': 'Claude Code',
  '@openai/codex': 'Codex',
  'opencode-linux-x64': 'OpenCode',
  '@google/gemini-cli': 'Gemini CLI',
}

export interface Run {
  summary: string
  /** Broken laws. */
  faults: readonly string[]
  /** Of the agents' packages. */
  versions: Readonly<Record<string, string>>
}

export function page(tried: readonly Tried[], { summary, faults, versions }: Run): string {
  const pinned = Object.entries(NAMES).map(([name, short]) => `${short} ${versions[name] ?? ''}`)
  return `# Agents and answers that end badly

Each coding agent has two tasks. It counts to 5. And in a loop of tools, the endpoint calls the agent's own tools, turn by turn, on a
small text and a small picture, and then says what they show. The endpoint's answers end in one way; the agent asks it straight, and
through the [gateway](../packages/gateway/README.md) over a \`failover\` of it and a healthy one, by what the gateway holds. In the
loop the first answer of each turn is cut inside its last call, whichever member gives it. Written by
\`npx -y pnpm@12 agents --gateway --write\` ([how](../checks/agents)) on ${new Date().toISOString().slice(0, 10)}, with
${pinned.join(', ')}: ${summary}.

A cell says: requests of the agent → requests that reached an endpoint · exit code · what it showed · seconds, on a busy machine.
\`+\`: it was ended, after 60 s (90 s in a loop and where the endpoint is silent) or 60 requests. ✓: the right answer and nothing
else, and of a loop all results and the picture came back to the endpoint; _seam_: also pieces of other answers; _partial_: pieces
alone; _no answer_: not even the beginning; _half a call_: one came back that no answer had whole. codex-5 is Codex with a model that
has other tools. OpenCode also asks for a title. Each agent tries again as often as it does by itself; where calls are streamed and
only the second one is cut, some run the first alone and end with exit code 0.

- Under \`'answer'\` every agent gets the right answer with as many requests as where nothing fails.
- A failure before the first content is not seen, and in 30 s of silence no agent gives up or asks again, whatever is held.
- Under \`'calls'\` and \`'answer'\` no agent gets half a tool call, and where answers are cut inside calls, its task ends as it should.
- For each request of an agent, at most two reach an endpoint: one for each member of the group. A cut answer costs one more.
- The strict simulator accepts whatever the gateway sends, with each thought and call signed as it was.

${faults.length === 0 ? 'All of it holds in this run.' : `Not so in this run:\n\n${faults.map((each) => `- ${each.replace('WRONG ', '')}`).join('\n')}`}

${table(tried)}
`
}
