import type { DecodedEvent } from '../protocol.ts'

/**
 * Joins split characters. Servers that cut an answer by UTF-16 units send the two surrogates of an emoji in two deltas, each
 * escaped as `\ud83d`. The first is held back and joined with the next delta of its kind, so that no event ends inside a
 * character.
 */
export function wholeCharacters(emit: (event: DecodedEvent) => void): (event: DecodedEvent) => void {
  let held: Extract<DecodedEvent, { type: 'text' | 'reasoning' }> | undefined
  return (event) => {
    if (held === undefined && !endsInside(event)) {
      emit(event)
      return
    }
    let whole = event
    if (held !== undefined) {
      if (event.type === held.type) whole = { ...event, text: held.text + event.text }
      // Its other half never arrived: deliver it unchanged, in its place.
      else emit(held)
      held = undefined
    }
    if (endsInside(whole)) {
      const last = whole.text.length - 1
      if (last > 0) emit({ ...whole, text: whole.text.slice(0, last) })
      held = { type: whole.type, text: whole.text.slice(last) }
    } else {
      emit(whole)
    }
  }
}

function endsInside(event: DecodedEvent): event is Extract<DecodedEvent, { type: 'text' | 'reasoning' }> {
  return (
    (event.type === 'text' || event.type === 'reasoning') &&
    // A signature completes the text: no other half follows.
    event.signature === undefined &&
    (event.text.charCodeAt(event.text.length - 1) & 0xfc00) === 0xd800
  )
}
