import { clients } from './clients/clients.ts'
import { mock } from './mock/mock.ts'
import { requests } from './requests/requests.ts'
import { short, type Verdict } from './verdict.ts'

/** Asks the judges and prints what each says; the process fails when one of them finds something wrong. */

const judges: Readonly<Record<string, { title: string; judge: () => AsyncIterable<Verdict> }>> = {
  clients: { title: 'The vendors’ clients talk to our simulator', judge: clients },
  requests: { title: 'Our requests, held against the vendors’ descriptions', judge: requests },
  mock: { title: 'Our providers talk to a mock server by others', judge: mock },
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !Object.hasOwn(judges, name))
if (unknown !== undefined) {
  process.stderr.write(`There is no judge "${unknown}". There are ${Object.keys(judges).join(', ')}.\n`)
  process.exit(2)
}

let right = 0
let wrong = 0
for (const [name, { title, judge }] of Object.entries(judges)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const verdicts = await Array.fromAsync(judge())
  process.stdout.write(`${title}\n\n${table(verdicts)}\n`)
  right += verdicts.filter(({ isRight }) => isRight).length
  wrong += verdicts.filter(({ isRight }) => !isRight).length
}
process.stdout.write(`${right} right, ${wrong} wrong\n`)
if (wrong > 0 || right === 0) process.exitCode = 1

/** One line each; the judge is named where another begins, and what is wrong is told in full. */
function table(verdicts: readonly Verdict[]): string {
  const widthOf = (cell: (verdict: Verdict) => string) => Math.max(...verdicts.map((verdict) => cell(verdict).length))
  const widths = [widthOf(({ judge }) => judge), widthOf(({ about }) => about)] as const
  let before = ''
  return verdicts
    .map(({ judge, about, isRight, seen }) => {
      const who = judge === before ? '' : judge
      before = judge
      const words = seen.replaceAll(/\s+/g, ' ').trim()
      const line = `  ${who.padEnd(widths[0])}  ${about.padEnd(widths[1])}  ${isRight ? 'right' : 'WRONG'}  ${isRight ? short(words, 70) : words}`
      return `${line.trimEnd()}\n`
    })
    .join('')
}
