import type { Form } from '@rivulet/testkit'
import type { Finding } from './matrix.ts'
import { ROWS } from './rows.ts'

/** A row without a proof for one provider, over one transport, in one form, in one place. */
export interface Gap {
  row: number
  provider: string
  transport: string
  form: Form
  place: string
  /** Why the laws of the row do not apply. */
  reasons: readonly string[]
}

/** Every row × provider × transport × form × place that was tried and yielded no proof. */
export function gapsOf(findings: readonly Finding[]): Gap[] {
  // A case in a process of its own repeats what the laws try: it fills no gap.
  const tried = findings.filter(({ law }) => !law.startsWith('in a process'))
  const byPlace = Map.groupBy(tried, ({ provider, transport, form, place }) =>
    [provider, transport, form, place].join('\n'),
  )
  return ROWS.filter(({ row }) => tried.some(({ rows }) => rows.includes(row))).flatMap(({ row }) =>
    [...byPlace.values()].flatMap((here) => {
      const found = here.filter(({ rows }) => rows.includes(row))
      const [first] = here
      if (first === undefined || found.some(({ ok }) => ok !== undefined)) return []
      const { provider, transport, form, place } = first
      return [{ row, provider, transport, form, place, reasons: [...new Set(found.map(({ observed }) => observed))] }]
    }),
  )
}

/** Whether the gap is missing knowledge rather than a property of the dialect: such a gap must be filled. */
export const isHole = ({ reasons }: Gap): boolean =>
  reasons.length === 0 || reasons.some((reason) => reason.startsWith('no fixture'))

/** `one piece: its answer is one document…`: gaps of one row and one provider, in words. */
export function gapWords(gaps: readonly Gap[]): string {
  const byReason = Map.groupBy(gaps, ({ reasons }) => reasons.join('; '))
  return [...byReason].map(([reason, list]) => `${formsOf(list)}${reason}`).join('; ')
}

function formsOf(gaps: readonly Gap[]): string {
  const forms = new Set(gaps.map(({ form }) => form))
  return forms.size > 1 ? '' : `${[...forms].join(', ')}: `
}
