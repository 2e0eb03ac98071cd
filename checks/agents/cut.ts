/** Answers that end inside a tool call. */

import type { ChatEvent } from '@rivulet/core'

/**
 * The bytes of an answer that ends inside its last call: in proper form, but with half of the arguments and no end mark.
 *
 * @param write Writes an answer of its own, each time.
 * @param events A whole answer.
 */
export function cutInsideCall(write: (events: readonly ChatEvent[]) => string, events: readonly ChatEvent[]): string {
  const at = events.findLastIndex(({ type }) => type === 'tool-input')
  const input = events[at]
  if (input?.type !== 'tool-input') throw new Error('There is no call to cut')
  const half = input.text.slice(0, input.text.length / 2)
  const cut = write([...events.slice(0, at), { ...input, text: half }])
  if (cut.includes(JSON.stringify(half).slice(1, -1))) return cut
  // Gemini has a call in one event: the cut is inside it.
  const whole = write(events)
  const from = whole.indexOf(input.text)
  if (from < 0) throw new Error('The call is written in another way')
  return whole.slice(0, from + half.length)
}
