import type { Form } from '@rivulet/testkit'
import { type Finding, transportOf } from './matrix.ts'
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
  const places = placesIn(tried)
  return ROWS.filter(({ row }) => tried.some(({ rows }) => rows.includes(row))).flatMap(({ row }) =>
    places.flatMap(({ here, ...about }) => {
      const found = here.filter(({ rows }) => rows.includes(row))
      if (found.some(({ ok }) => ok !== undefined)) return []
      return [{ row, ...about, reasons: [...new Set(found.map(({ observed }) => observed))] }]
    }),
  )
}

type Place = Pick<Gap, 'provider' | 'transport' | 'form' | 'place'>

/** Each provider × transport × form × place, with what was found there: a law that no transport can change counts for each. */
function placesIn(tried: readonly Finding[]): (Place & { here: readonly Finding[] })[] {
  const groups = Map.groupBy(tried, ({ provider, form, place }) => [provider, form, place].join('\n'))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { provider, form, place } = first
    const named = new Set(group.filter(({ transport }) => transport !== undefined).map(transportOf))
    return [...(named.size === 0 ? [transportOf(first)] : named)].map((transport) => ({
      provider,
      transport,
      form,
      place,
      here: group.filter((one) => one.transport === undefined || one.transport === transport),
    }))
  })
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
