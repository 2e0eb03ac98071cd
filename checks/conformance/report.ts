import { clients } from './clients/clients.ts'
import { emitted } from './emitted/emitted.ts'
import { gateway } from './gateway/gateway.ts'
import { mock } from './mock/mock.ts'
import { requests } from './requests/requests.ts'
import { servers } from './servers/servers.ts'
import { short, type Verdict } from './verdict.ts'

/** Runs the parts and prints every verdict. The process fails when a verdict is wrong. */

const parts: Readonly<Record<string, { title: string; check: () => AsyncIterable<Verdict> }>> = {
  clients: { title: 'Conformance of our simulator: the vendors’ clients talk to it', check: clients },
  servers: {
    title: 'Conformance of our servers: the vendors’ clients talk to endpoints of other dialects',
    check: servers,
  },
  gateway: { title: 'Conformance of our gateway: the vendors’ clients talk through it', check: gateway },
  emitted: {
    title: 'Conformance of our gateway: what it sends, validated against the vendors’ types',
    check: emitted,
  },
  requests: { title: 'Conformance of our requests: validated against the vendors’ descriptions', check: requests },
  mock: { title: 'Conformance of our providers: they read the answers of an independent mock', check: mock },
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !Object.hasOwn(parts, name))
if (unknown !== undefined) {
  process.stderr.write(`There is no part "${unknown}". The parts are ${Object.keys(parts).join(', ')}.\n`)
  process.exit(2)
}

let right = 0
let wrong = 0
for (const [name, { title, check }] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const begun = performance.now()
  const verdicts = await Array.fromAsync(check())
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  process.stdout.write(`${title} (${seconds} s)\n\n${table(verdicts)}\n`)
  right += verdicts.filter(({ isRight }) => isRight).length
  wrong += verdicts.filter(({ isRight }) => !isRight).length
}
process.stdout.write(`${right} right, ${wrong} wrong\n`)
if (wrong > 0 || right === 0) process.exitCode = 1

/** One line for each verdict. `by` is printed where it changes; a wrong verdict is printed in full. */
function table(verdicts: readonly Verdict[]): string {
  const widthOf = (cell: (verdict: Verdict) => string) => Math.max(...verdicts.map((verdict) => cell(verdict).length))
  const widths = [widthOf(({ by }) => by), widthOf(({ about }) => about)] as const
  let before = ''
  return verdicts
    .map(({ by, about, isRight, seen, notes = [] }) => {
      const first = by === before ? '' : by
      before = by
      const words = seen.replaceAll(/\s+/g, ' ').trim()
      const line = `  ${first.padEnd(widths[0])}  ${about.padEnd(widths[1])}  ${isRight ? 'right' : 'WRONG'}  ${isRight ? short(words, 70) : words}`
      return [line.trimEnd(), ...notes.map((note) => `    ${note}`)].join('\n') + '\n'
    })
    .join('')
}
