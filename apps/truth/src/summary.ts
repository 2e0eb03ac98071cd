import type { Finding } from './matrix.ts'
import { ROWS } from './rows.ts'

export interface Summary {
  proved: number
  wrong: readonly Finding[]
  /** Rows that nothing proves: a table with a hole is no table. */
  missing: readonly number[]
  line: string
}

/** What a run comes to. `row`: only this one was asked for. */
export function summaryOf(findings: readonly Finding[], row?: number): Summary {
  const good = findings.filter(({ ok }) => ok === true)
  const wrong = findings.filter(({ ok }) => ok === false)
  const wanted = row === undefined ? ROWS.map((one) => one.row) : [row]
  const missing = wanted.filter((one) => !good.some(({ rows }) => rows.includes(one)))
  const count = (key: keyof Finding): number => new Set(findings.map((finding) => String(finding[key]))).size
  const parts = [
    `${good.length} proofs of ${wanted.length} row(s)`,
    `${count('law')} laws × ${count('provider')} provider(s) × ${count('transport')} transports, alone and in a group`,
    `${wrong.length} wrong`,
    missing.length === 0 ? 'no row without a proof' : `WITHOUT PROOF: ${missing.join(', ')}`,
  ]
  return { proved: good.length, wrong, missing, line: parts.join('; ') }
}
