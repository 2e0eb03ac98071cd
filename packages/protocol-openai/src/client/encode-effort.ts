import type { ReasoningEffort } from '@rivulet/core'
import type { Sending, Wire } from './encode-message.ts'
import { nearestEffort } from './nearest-effort.ts'

/**
 * The body fields of an effort. One that the endpoint does not know is sent as the nearest that it knows.
 */
export function encodeEffort(effort: ReasoningEffort | undefined, { quirks, dropped }: Sending): Readonly<Wire> {
  if (effort === undefined) return {}
  const { efforts } = quirks
  if (efforts === undefined) return { reasoning_effort: effort }
  const sent = nearestEffort(effort, Object.keys(efforts) as ReasoningEffort[])
  if (sent !== effort) dropped.add(`reasoning: '${effort}' sent as '${sent}'`)
  return efforts[sent] ?? {}
}
