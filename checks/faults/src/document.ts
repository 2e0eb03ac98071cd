import { CLOSED_WITHIN_MS, closingsOf, milliseconds } from './closings.ts'
import { gapsOf, gapWords } from './gaps.ts'
import { markdown } from './markdown.ts'
import { type Finding, PLACES } from './matrix.ts'
import { CHAPTERS, ROWS } from './rows.ts'
import { cellsOf } from './table.ts'
import { dateAnd } from './versions.ts'

const INTRO = `# How a stream may end

An answer that ends is whole. One that is not whole throws, says why, and gives you what had arrived. This page lists everything
that an endpoint, a network or you can do to an answer, and what you get. It holds for every provider, for streams and for
answers in one piece (\`stream: false\`), over both transports, alone and in a group.

\`\`\`ts
import { ChatError, textOf } from '@rivulet/core'
import { lockchat } from '@rivulet/provider-lockchat'

const signal = AbortSignal.timeout(60_000)
const answer = lockchat().stream({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }, { signal })
try {
  for await (const text of textOf(answer)) process.stdout.write(text)
} catch (error) {
  if (error === signal.reason) console.log('you aborted')
  else if (error instanceof ChatError) console.log(error.code, error.partial?.text) // 'truncated', and what had come
  else throw error
}
\`\`\`

- The words in \`code\` are the codes of a \`ChatError\`.
- "Closed" means: the connection is closed or back in its pool, nothing is pending, and the process can exit.
- In a group (\`failover\` and the others), a failure before the first content moves to the next member unseen. \`bad-request\` and
  \`content-filter\` do not move, because the next member would answer the same; a redirect does. After content, \`onBreak\` decides.`

const LIMITS = `## What cannot be known

- **Raw text has no frames.** Liaobots answers with the text itself. HTML and a JSON error at the beginning are recognized;
  anything else with status 200 counts as an answer. A cut is noticed when HTTP says how long the body is
  (\`content-length\`, chunks), and not when only the closing connection ends it.
- **\`fetch\` does not report that it has connected.** Over it, a connection that is never made is a \`timeout\` at \`firstTokenMs\`, and
  after an abort before the connection, its pool owns the socket.
- **One piece is all or nothing.** With \`stream: false\`, nothing can be read before the whole document has arrived: a broken one has
  no \`partial\`, and only the deadlines \`connectMs\` and \`totalMs\` apply.
- **\`deflate\` means a zlib stream**, as HTTP defines it. Bare deflate, which some old servers send, is \`malformed\` over undici.`

const CLOSING = `Measured in a process for each call, from the abort or break to the server's close event: ${CLOSED_WITHIN_MS} ms are allowed. Beside it, a
bare socket that the same process closes right afterwards: the time that the machine itself takes. A call was repeated when
the machine had stalled.`

const RUN = `## See for yourself

\`\`\`sh
npx -y pnpm@12 truth                    # everything on this page, over real sockets
npx -y pnpm@12 truth --row 6            # one row: each law by name, with the observation
npx -y pnpm@12 truth --provider openai  # one provider
npx -y pnpm@12 truth --quick            # fewer cases of each law
npx -y pnpm@12 truth --write            # everything, and this page
\`\`\`

\`testProvider()\` of [@rivulet/testkit](../packages/testkit) runs the same laws on your own provider. How other libraries handle the
same faults is in [competitors.md](competitors.md).`

/** docs/truth-table.md. */
export function documentOf(findings: readonly Finding[], date = new Date()): string {
  const chapters = CHAPTERS.flatMap(({ title, rows }) => [
    `### ${title}`,
    markdown(
      ['#', 'What happens', 'What you get'],
      rows.map(({ row, world, caller }) => [String(row), world, caller]),
      ['right'],
    ),
  ])
  const parts = [
    INTRO,
    '## What you get',
    ...chapters,
    '## What was tested',
    provedWords(findings),
    provedTable(findings),
    '<details>\n<summary>Row by row</summary>',
    rowTable(findings),
    '</details>',
    '## What does not apply, and why',
    gapTable(findings),
    '## How fast it closes',
    CLOSING,
    closingTable(findings),
    LIMITS,
    RUN,
    `Written by \`pnpm truth --write\`; do not edit. ${dateAnd(date, 'undici')}.`,
  ]
  return `${parts.join('\n\n')}\n`
}

const thousands = (count: number): string => count.toLocaleString('en')

function provedWords(findings: readonly Finding[]): string {
  const good = findings.filter(({ ok }) => ok === true)
  const own = good.filter(({ law }) => law.startsWith('in a process'))
  const laws = new Set(findings.map(({ law }) => law)).size
  return `${thousands(good.length)} proofs of ${laws} laws; ${thousands(own.length)} of them are calls in a process of their own, which must end by itself,
with nothing on stderr and no unhandled rejection. All run over real sockets, against a server that sends exactly the given bytes.
A proof is one law over one transport, in one form, in one place; it tries from one to several thousand answers. A law that no transport can change, such as one about decoding, is proved over one of them for both.`
}

/** One line for each provider: its proofs by form and place. */
function provedTable(findings: readonly Finding[]): string {
  const good = findings.filter(({ ok }) => ok === true)
  const lines = [...Map.groupBy(findings, ({ provider }) => provider).keys()].map((provider) => {
    const own = good.filter((one) => one.provider === provider)
    const inProcess = own.filter(({ law }) => law.startsWith('in a process'))
    const others = own.filter(({ law }) => !law.startsWith('in a process'))
    const counts = (['streamed', 'one piece'] as const).flatMap((form) =>
      PLACES.map((place) => String(others.filter((one) => one.form === form && one.place === place).length)),
    )
    const rows = ROWS.filter(({ row }) => own.some((one) => one.rows.includes(row))).length
    return [provider, `${rows} of ${ROWS.length}`, ...counts, String(inProcess.length)]
  })
  const head = [
    'provider',
    'rows',
    'streamed, alone',
    'streamed, in a group',
    'one piece, alone',
    'one piece, in a group',
    'in a process',
  ]
  return markdown(
    head,
    lines,
    head.map((_, at) => (at === 0 ? 'left' : 'right')),
  )
}

/** The number of proofs of each row, by provider. */
function rowTable(findings: readonly Finding[]): string {
  const cells = cellsOf(findings)
  const providers = [...new Set(cells.map(({ provider }) => provider))]
  const lines = ROWS.map(({ row }) => {
    const own = cells.filter((cell) => cell.row === row)
    const counts = providers.map((provider) => own.find((cell) => cell.provider === provider)?.proved ?? 0)
    return [String(row), ...counts.map((count) => (count === 0 ? '–' : String(count)))]
  })
  const head = ['#', ...providers]
  return markdown(
    head,
    lines,
    head.map(() => 'right'),
  )
}

function gapTable(findings: readonly Finding[]): string {
  const gaps = gapsOf(findings)
  const byRow = Map.groupBy(gaps, ({ row, provider }) => `${row}\n${provider}`)
  const lines = [...byRow].map(([key, own]) => {
    const [row = '', provider = ''] = key.split('\n')
    return { row, provider, words: gapWords(own) }
  })
  const merged = Map.groupBy(lines, ({ row, words }) => `${row}\n${words}`)
  const all = new Set(findings.map(({ provider }) => provider)).size
  const rows = [...merged].map(([key, own]) => {
    const [row = '', words = ''] = key.split('\n')
    const names = own.map(({ provider }) => provider)
    const rest = [...new Set(findings.map(({ provider }) => provider))].filter((name) => !names.includes(name))
    const which = rest.length > 0 && rest.length < all / 2 ? `all but ${rest.join(', ')}` : names.join(', ')
    return [row, which, words]
  })
  return markdown(['#', 'providers', 'why'], rows, ['right'])
}

function closingTable(findings: readonly Finding[]): string {
  const lines = closingsOf(findings).map((closing) => [
    closing.how,
    closing.where,
    String(closing.count),
    ...[closing.medianMs, closing.slowestMs, closing.bareMedianMs, closing.bareSlowestMs].map(milliseconds),
  ])
  const head = ['how the call ends', 'where', 'calls', 'median', 'slowest', 'bare socket: median', 'slowest']
  return markdown(
    head,
    lines,
    head.map((_, at) => (at < 2 ? 'left' : 'right')),
  )
}
