import type { ReasoningEffort } from '@rivulet/core'
import type { Sending, Wire } from './encode-message.ts'

/** From the least to the most. */
const STEPS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/**
 * The body fields of an effort. One that the endpoint does not know is sent as the nearest that it knows, the higher one of
 * two; `'none'` is near to no other.
 */
export function encodeEffort(effort: ReasoningEffort | undefined, { quirks, dropped }: Sending): Readonly<Wire> {
  if (effort === undefined) return {}
  const { efforts } = quirks
  if (efforts === undefined) return { reasoning_effort: effort }
  const wanted = STEPS.indexOf(effort)
  const distance = (step: ReasoningEffort): number =>
    Math.abs(STEPS.indexOf(step) - wanted) + (step === 'none' && effort !== 'none' ? STEPS.length : 0)
  const [sent = effort] = STEPS.filter((step) => efforts[step] !== undefined)
    .reverse()
    .sort((one, other) => distance(one) - distance(other))
  if (sent !== effort) dropped.add(`reasoning: '${effort}' sent as '${sent}'`)
  return efforts[sent] ?? {}
}
