import assert from 'node:assert/strict'
import { isRecord } from '../../src/check/is-record.ts'
import { type EnvelopeReader, frameOf, parsed, pieceOf } from './envelopes.ts'

/** A message without its text and noise, as JSON. */
function restOf(message: unknown): string {
  if (!isRecord(message) || !isRecord(message.say)) return ''
  const noise = typeof message.noise === 'string' && { noise: '' }
  return JSON.stringify({ ...message, ...noise, say: { ...message.say, text: '' } })
}

/**
 * Reads messages as a dialect does, and compares each text that the envelope cuts out with the full parse: the text must be
 * equal, and everything else must be as in a message that was learnt from.
 *
 * @returns How many messages were read without a full parse.
 */
export function readMessages(messages: readonly Uint8Array[], envelope: EnvelopeReader, isBuffer = true): number {
  const learnt = new Set<string>()
  let fast = 0
  for (const bytes of messages) {
    const frame = frameOf(bytes, isBuffer)
    const json = frame.text().trim()
    const text = envelope.textOf(frame)
    if (text !== undefined) {
      fast++
      const message: unknown = JSON.parse(json)
      // Thousands of messages: `expect` would take a third of the time.
      assert.equal(text, pieceOf(message)?.text)
      assert.ok(learnt.has(restOf(message)), `nothing like ${json} was learnt`)
      continue
    }
    const message = parsed(json)
    if (pieceOf(message) === undefined) continue
    learnt.add(restOf(message))
    envelope.learn(json, message)
  }
  return fast
}

/** A message of the smallest dialect. */
export const say = (text: string, id: unknown = 1, noise?: string): string =>
  JSON.stringify({ id, noise, say: { text } })
