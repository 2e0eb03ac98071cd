import type { ChatEvent } from '@rivulet/core'
import { isProved } from './sealed-events.ts'

/**
 * The events of an answer with those frames that may be passed on. After a break there are none: the rest is written. A frame
 * with a signature is mended where signatures are sealed.
 *
 * @param passes No break has come before these events.
 */
export function passedFrames(events: readonly ChatEvent[], passes: boolean, isSealing: boolean): readonly ChatEvent[] {
  const breakAt = passes ? events.findIndex(({ type }) => type === 'restart' || type === 'resume') : 0
  if (breakAt === -1 && !(isSealing && events.some(isProved))) return events
  const passed: ChatEvent[] = []
  /** Where the frame of the events that follow is. */
  let frameAt = -1
  for (const [at, event] of events.entries()) {
    if (event.type === 'raw') {
      if (breakAt !== -1 && (!passes || at > breakAt)) continue
      frameAt = passed.length
    }
    passed.push(event)
    const frame = passed[frameAt]
    if (isSealing && isProved(event) && frame?.type === 'raw') passed[frameAt] = { ...frame, label: 'mended' }
  }
  return passed
}
