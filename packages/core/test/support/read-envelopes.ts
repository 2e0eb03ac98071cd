import { expect } from 'vitest'
import { isRecord } from '../../src/is-record.ts'
import { type Envelopes, frameOf, parsed, textOf } from './envelopes.ts'

/** A message without its text, as text. */
const restOf = (message: unknown): string =>
  isRecord(message) && isRecord(message.say) ? JSON.stringify({ ...message, say: { ...message.say, text: '' } }) : ''

/**
 * Reads messages as a dialect does. What the envelope cuts out is held to the full parse: that text is the message's, and
 * all else is as in a message that was learnt from.
 *
 * @returns how many were read without the full parse.
 */
export function read(messages: readonly Uint8Array[], envelope: Envelopes, isBuffer = true): number {
  const learnt = new Set<string>()
  let fast = 0
  for (const bytes of messages) {
    const frame = frameOf(bytes, isBuffer)
    const json = frame.text().trim()
    const start = envelope.textStart(frame)
    if (start !== -1) {
      fast++
      const message: unknown = JSON.parse(json)
      expect(frame.text(start, frame.end - envelope.suffixLength)).toBe(textOf(message))
      expect(learnt).toContain(restOf(message))
      continue
    }
    const message = parsed(json)
    const text = textOf(message)
    if (typeof text !== 'string') continue
    learnt.add(restOf(message))
    envelope.learn(json, text)
  }
  return fast
}

/** A message of the smallest dialect. */
export const say = (text: string, id: unknown = 1): string => JSON.stringify({ id, say: { text } })
