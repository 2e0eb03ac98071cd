import { DIALECTS } from './dialects.ts'
import type { Outcome, Way } from './table.ts'

const HEAD = `# What survives between dialects

A client of one dialect, an endpoint of another: what becomes of each field of a request on the way. This page is written by
\`pnpm dialects --write\`, which sends each field each way: the client's side of a dialect writes it, the server's side reads
it, the vendor's provider sends it to the simulator, which refuses what the vendor refuses, and what arrives is read again.

- **yes**: it arrives as it was sent. With words: it was carried another way, and the answer's \`dropped\` says so.
- **named**: it is left out or lowered, and the answer's \`dropped\` says so, with the words that follow.
- **refused**: it is part of what the request means. Nothing is sent, the failure is \`unsupported\`, and a group asks its next
  member.

A field that a client's dialect has no word for is not in its table. With one dialect on both sides, the request is passed on
as it came, but for the model.
`

/** The page that shows all ways. */
export function page(ways: readonly Way[]): string {
  return `${[HEAD, ...DIALECTS.map(({ name }) => table(name, ways))].join('\n')}\n`
}

function table(from: string, ways: readonly Way[]): string {
  const own = ways.filter((way) => way.from === from && way.outcome.kind !== 'no word')
  const fields = [...new Set(own.map(({ field }) => field))]
  const names = DIALECTS.map(({ name }) => name)
  const rows = fields.map((field) => {
    const cells = names.map((to) => {
      const way = own.find((each) => each.field === field && each.to === to)
      return way === undefined ? '' : cell(way.outcome)
    })
    return `| ${[field, ...cells].join(' | ')} |`
  })
  return [
    `## A client of ${from}`,
    '',
    `| field | ${names.map((name) => `to ${name}`).join(' | ')} |`,
    `| --- | ${names.map(() => '---').join(' | ')} |`,
    ...rows,
    '',
  ].join('\n')
}

function cell(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'no word':
      return ''
    case 'survives':
      return outcome.dropped.length === 0 ? 'yes' : `yes: ${words(outcome.dropped)}`
    case 'left out':
      return `named: ${words(outcome.dropped)}`
    case 'refused':
      return 'refused'
    case 'lost':
      return `**LOST**: ${outcome.message}`
  }
}

const words = (dropped: readonly string[]): string => dropped.map((name) => `\`${name}\``).join(', ')
