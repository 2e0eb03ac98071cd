import type { Finding } from './finding.ts'
import { isKnown } from './known-wrong.ts'
import type { Found, Lies } from './run.ts'

/** Characters of a body that are shown: its beginning says what it is, its end how it broke. */
const HEAD_CHARACTERS = 160
const TAIL_CHARACTERS = 640

/** What was found, for a terminal. */
export function report({ runs, whole, cut, wrong, findings }: Lies): string {
  const lines = findings.flatMap((found) => [...block(found), ''])
  return [
    ...lines,
    ...table(findings),
    `${count(runs)} streams: ${count(whole)} whole, ${count(cut)} cut, ${count(wrong)} wrong`,
    '',
  ].join('\n')
}

function block({ first, count: times }: Found): string[] {
  const { dialect, kind, harm, seed, expected, got, stream } = first
  return [
    `${dialect}: ${kind} (${count(times)}, ${isKnown(first) ? 'known' : 'new'})`,
    `  ${harm}; again with: pnpm fuzz --lies --dialect ${dialect} --runs 1 --seed ${seed}`,
    `  expected  ${expected}`,
    `  got       ${got}`,
    `  bytes     ${shown(first)}${stream.delivery.isReset ? ' (reset)' : ''}`,
  ]
}

function shown({ stream: { delivery } }: Finding): string {
  const body = JSON.stringify(Buffer.concat(delivery.pieces).toString())
  if (body.length <= HEAD_CHARACTERS + TAIL_CHARACTERS) return body
  return `${body.slice(0, HEAD_CHARACTERS)} … ${body.slice(-TAIL_CHARACTERS)}`
}

function table(findings: readonly Found[]): string[] {
  if (findings.length === 0) return []
  const rows = findings.map(
    ({ first, count: times }) =>
      `${count(times).padStart(7)}  ${first.dialect.padEnd(9)}  ${first.harm.padEnd(22)}  ${first.kind}`,
  )
  return [...rows, '']
}

const count = (number: number): string => number.toLocaleString('en-US')
