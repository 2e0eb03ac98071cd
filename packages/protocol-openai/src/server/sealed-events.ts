import type { ChatEvent, Origin } from '@rivulet/core'
import { writeSeal } from '@rivulet/core/provider'

/** Whether an event has a signature or a seal. */
export const isProved = (event: ChatEvent): boolean =>
  ('signature' in event && event.signature !== undefined) || ('sealed' in event && event.sealed !== undefined)

/**
 * Seals the signatures of thoughts and calls, so that only their author gets them back: that of the last `start`, because an
 * answer may go on at another endpoint.
 *
 * @param isSealing Without it, the events are as they were.
 */
export function sealedEvents(isSealing: boolean): (event: ChatEvent) => ChatEvent {
  let author: Origin = { provider: '', model: '' }
  if (!isSealing) return (event) => event
  return (event) => {
    if (event.type === 'start') author = { provider: event.provider, model: event.model }
    if (!isProved(event)) return event
    if (event.type === 'tool-call')
      return { ...event, signature: writeSeal({ ...author, value: event.signature ?? '' }) }
    if (event.type !== 'reasoning') return event
    const { signature, sealed, id } = event
    const seal = writeSeal({ ...author, value: sealed ?? signature ?? '', id })
    return sealed === undefined ? { ...event, signature: seal } : { ...event, sealed: seal }
  }
}
