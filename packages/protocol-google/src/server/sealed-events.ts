import type { ChatEvent, Origin } from '@rivulet/core'
import { writeSeal } from '@rivulet/core/provider'

/** Whether an event has what only its author understands. */
export function isProved(event: ChatEvent): boolean {
  if (event.type === 'native') return typeof event.value.thoughtSignature === 'string'
  return (
    ('signature' in event && event.signature !== undefined) ||
    (event.type === 'reasoning' && event.sealed !== undefined)
  )
}

/**
 * Seals signatures, so that only their author gets them back: that of the last `start`, because an answer may go on at another
 * endpoint. Sealed content has no other place than that of a signature: the id in its seal tells it from one.
 *
 * @param isSealing Without it, the events are as they were.
 */
export function sealedEvents(isSealing: boolean): (event: ChatEvent) => ChatEvent {
  let author: Origin = { provider: '', model: '' }
  if (!isSealing) return (event) => event
  return (event) => {
    if (event.type === 'start') author = { provider: event.provider, model: event.model }
    const seal = (value: string): string => (value === '' ? '' : writeSeal({ ...author, value }))
    switch (event.type) {
      case 'text':
      case 'tool-call':
        return event.signature === undefined ? event : { ...event, signature: seal(event.signature) }
      case 'reasoning': {
        const { sealed, signature, id = '', ...thought } = event
        if (sealed !== undefined) return { ...thought, signature: writeSeal({ ...author, value: sealed, id }) }
        return signature === undefined ? event : { ...event, signature: seal(signature) }
      }
      case 'native': {
        const { thoughtSignature: signature } = event.value
        if (typeof signature !== 'string') return event
        return { ...event, value: { ...event.value, thoughtSignature: seal(signature) } }
      }
      default:
        return event
    }
  }
}
