import type { ReasoningEffort } from '@rivulet/core'
import type { Sending, Wire } from './encode-message.ts'
import { nearestEffort } from './nearest-effort.ts'

/**
 * The body fields of an effort. One that the endpoint does not know is sent as the nearest that it knows.
 */
export function encodeEffort(effort: ReasoningEffort, { model, quirks, dropped }: Sending): Readonly<Wire> {
  const { efforts, effortsOf } = quirks
  // The keys are efforts, which the type of Object.keys does not say.
  const known = effortsOf?.(model) ?? (efforts && (Object.keys(efforts) as ReasoningEffort[]))
  const sent = known === undefined ? effort : nearestEffort(effort, known)
  if (sent !== effort) dropped.add(`reasoning: '${effort}' sent as '${sent}'`)
  return efforts?.[sent] ?? { reasoning_effort: sent }
}
