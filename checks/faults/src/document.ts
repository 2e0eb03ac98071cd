import { CLOSED_WITHIN_MS, closingsOf, milliseconds } from './closings.ts'
import { gapsOf, gapWords } from './gaps.ts'
import { markdown } from './markdown.ts'
import { type Finding, PLACES } from './matrix.ts'
import { CHAPTERS, ROWS } from './rows.ts'
import { cellsOf } from './table.ts'
import { dateAnd } from './versions.ts'

const INTRO = `# How a stream may end

An answer that ends is whole. One that is not whole throws, says why, and gives you what had come. This page lists everything
that an endpoint, a network or you yourself can do to an answer, and what you get. It holds for every provider, for streams and
for answers in one piece (\`stream: false\`), over both transports, alone and in a group.

\`\`\`ts
try {
  for await (const text of textOf(provider.stream(request, { signal }))) show(text)
} catch (error) {
  if (error === signal.reason) return // you left
  if (error instanceof ChatError) error.code // 'truncated', 'timeout', 'rate-limited', …
  if (error instanceof ChatError) error.partial?.text // what had come
}
\`\`\`

- The words in \`code\` are the codes of a \`ChatError\`.
- "Closed" is: the connection is closed or back in its pool, nothing is left pending, and the process can exit.
- In a group (\`failover\` and its like), what fails before its first content goes to the next member unseen. \`bad-request\` and
  \`content-filter\` do not, because the next would say the same; a redirect does. What fails behind content ends as \`onBreak\`
  says.`

const LIMITS = `## What can't be known

- **Raw text has no frames.** Liaobots answers with the text itself. HTML and a JSON error at its beginning are told from an
  answer; anything else that comes with status 200 is taken for one. It is seen to be cut short when HTTP says how long it is
  (\`content-length\`, chunks), and not when the closing connection is all that ends it.
- **\`fetch\` does not tell when it is connected.** Over it, a connection that is never made is a \`timeout\` at \`firstTokenMs\`, and
  an abort before there is a connection leaves the socket to its pool.
- **One piece is all or nothing.** With \`stream: false\`, nothing is read before the whole document is there: a broken one has no
  \`partial\`, and of the deadlines only \`connectMs\` and \`totalMs\` apply.
- **\`deflate\` is what HTTP says it is**, a zlib stream. Bare deflate, which some old servers send, is \`malformed\` over undici.`

const CLOSING = `Measured in a process for each call, from the moment when the caller left to the close event of the server:
${CLOSED_WITHIN_MS} ms are allowed. Beside it a bare socket of the same process, closed right behind it, which is what the machine itself
takes; where that stood still, the call was made again.`

const RUN = `## See for yourself

\`\`\`sh
npx -y pnpm@12 truth                    # everything on this page, over real sockets
npx -y pnpm@12 truth --row 6            # one row: each law by name, with what was observed
npx -y pnpm@12 truth --provider openai  # one provider
npx -y pnpm@12 truth --quick            # fewer cases of each law
npx -y pnpm@12 truth --write            # all of it, and this page
\`\`\`

Your own provider is held to the same laws by \`describeProvider()\` of [@rivulet/testkit](../packages/testkit), and what other
libraries make of the same faults is in [competitors.md](competitors.md).`

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
    '## Who was proved',
    provedWords(findings),
    provedTable(findings),
    '<details>\n<summary>Row by row</summary>',
    rowTable(findings),
    '</details>',
    '## What says nothing, and why',
    gapTable(findings),
    '## How fast it closes',
    CLOSING,
    closingTable(findings),
    LIMITS,
    RUN,
    `Written by \`pnpm truth --write\`; nobody changes it by hand. ${dateAnd(date, 'undici')}.`,
  ]
  return `${parts.join('\n\n')}\n`
}

const thousands = (count: number): string => count.toLocaleString('en')

function provedWords(findings: readonly Finding[]): string {
  const good = findings.filter(({ ok }) => ok === true)
  const own = good.filter(({ law }) => law.startsWith('in a process'))
  const laws = new Set(findings.map(({ law }) => law)).size
  return `${thousands(good.length)} proofs of ${laws} laws; ${thousands(own.length)} of them are calls in a process of its own, which has to end by itself,
with no word on stderr and no rejection that nobody handled. All are over real sockets, against a server that says exactly the
bytes that it is told to. A proof is one law over one transport, in one form, in one place; it tries from one to several
thousand answers.`
}

/** A provider a line: proofs by form and place. */
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

/** How many proofs each row has of each provider. */
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
    const who = rest.length > 0 && rest.length < all / 2 ? `all but ${rest.join(', ')}` : names.join(', ')
    return [row, who, words]
  })
  return markdown(['#', 'of whom', 'why'], rows, ['right'])
}

function closingTable(findings: readonly Finding[]): string {
  const lines = closingsOf(findings).map((closing) => [
    closing.how,
    closing.where,
    String(closing.count),
    ...[closing.medianMs, closing.slowestMs, closing.bareMedianMs, closing.bareSlowestMs].map(milliseconds),
  ])
  const head = ['who leaves', 'where', 'calls', 'median', 'slowest', 'bare socket: median', 'slowest']
  return markdown(
    head,
    lines,
    head.map((_, at) => (at < 2 ? 'left' : 'right')),
  )
}
