import type { ChatRequest } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { Hash } from '../stats/hash.ts'

/**
 * What is the same in all requests of a conversation: a hash of its `session`, else of its messages up to and with the first
 * one of the user's. Marks for a cache don't count: they move from turn to turn.
 */
export function affinityKey({ session, messages }: ChatRequest): number {
  const hash = new Hash()
  if (typeof session === 'string' && session !== '') return hash.add('session').add(session).value()
  // Leave invalid input for the receiving provider to reject.
  if (!Array.isArray(messages)) return hash.value()
  for (const message of messages as unknown[]) {
    if (!isRecord(message)) continue
    hash.add(String(message.role))
    addContent(hash, message.content)
    if (message.role === 'user') break
  }
  return hash.value()
}

/** A text is the same as the one part that says it. */
function addContent(hash: Hash, content: unknown): void {
  const parts: unknown[] = Array.isArray(content) ? content : [{ type: 'text', text: content }]
  for (const part of parts) {
    if (!isRecord(part)) continue
    const { type, text, url, input, value } = part
    hash.add(String(type))
    for (const field of [text, url, input]) if (typeof field === 'string') hash.add(field)
    if (isRecord(value)) hash.add(JSON.stringify(value))
  }
}
