import type { RunOptions } from './run.ts'
import type { Tally } from './tally.ts'

const number = (value: number): string => Math.round(value).toLocaleString('en-US')
const ratio = (one: number, other: number): string => (one / other).toFixed(3)

/** The result of a run, for a terminal. */
export function report({ requests, onBreak, group, atOnce, seed }: RunOptions, tally: Tally, ms: number): string {
  const { whole, wrong, seen, tokens, members, strikes } = tally
  const kinds = [...strikes.values()]
  const rows: [string, string][] = [
    ['complete', `${number(whole)} of ${number(tally.answers)}`],
    ['only the end lost', `${number(tally.withoutEnd)}: an error, with the whole text`],
    ['wrong', `mixed ${wrong.mixed}, duplicated ${wrong.doubled}, short ${wrong.short}, failed ${wrong.failed}`],
    ['seen by readers', `restarts ${number(seen.restart)}, resumes ${number(seen.resume)}`],
    ['attempts per request', ratio(tally.attempts, tally.answers)],
    ...[...members]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, { asked, before, after }]): [string, string] => [
        `  ${name}`,
        `${number(asked)} attempts, failed ${number(before)} before and ${number(after)} after the first content`,
      ]),
    ['faults met', `${number(kinds.reduce((sum, count) => sum + count, 0))} of ${kinds.length} kinds`],
    [
      'tokens',
      `${number(tokens.received)} received for ${number(tokens.needed)} needed: × ${ratio(tokens.received, tokens.needed)}`,
    ],
    ['time to the end', `p50 ${number(tally.percentile(50))} ms, p95 ${number(tally.percentile(95))} ms`],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const title = `${group}, onBreak ${[onBreak].flat().join(' then ')}: ${number(requests)} requests, ${atOnce} at once, seed ${seed}, ${(ms / 1000).toFixed(1)} s`
  return [
    title,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...tally.examples.map((example) => `  WRONG  ${example}`),
    tally.isRight ? '  every answer is whole' : '  NOT every answer is whole',
    '',
  ].join('\n')
}
