import { gapsOf, isHole } from './gaps.ts'
import type { Finding } from './matrix.ts'
import { ROWS } from './rows.ts'

export interface Summary {
  proved: number
  wrong: readonly Finding[]
  /** Rows and places with neither a proof nor an exemption. */
  missing: readonly string[]
  line: string
}

/** The summary of a run. `row`: the only row that was asked for. */
export function summaryOf(findings: readonly Finding[], row?: number): Summary {
  const good = findings.filter(({ ok }) => ok === true)
  const wrong = findings.filter(({ ok }) => ok === false)
  const wanted = row === undefined ? ROWS.map((one) => one.row) : [row]
  const missing = [
    ...wanted.filter((one) => !good.some(({ rows }) => rows.includes(one))).map((one) => `row ${one}`),
    ...gapsOf(findings)
      .filter(isHole)
      .map((gap) => `row ${gap.row} of ${gap.provider}, ${gap.transport}, ${gap.form}, ${gap.place}`),
  ]
  const count = (key: 'law' | 'provider' | 'transport'): number =>
    new Set(findings.map((finding) => finding[key]).filter((value) => value !== undefined)).size
  const transports = count('transport')
  const parts = [
    `${good.length} proofs of ${wanted.length} row(s)`,
    `${count('law')} laws × ${count('provider')} provider(s) × ${transports === 0 ? 'any transport' : `${transports} transports`}, streamed and in one piece, alone and in a group`,
    `${wrong.length} wrong`,
    `${missing.length} missing`,
  ]
  return { proved: good.length, wrong, missing, line: parts.join('; ') }
}
