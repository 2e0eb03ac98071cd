import type { Message } from '@rivulet/core'
import { didYouMean, isRecord } from '@rivulet/core/provider'
import type { Question } from './backend.ts'

const FIELDS = ['model', 'provider', 'messages', 'temperature']

/**
 * Validates the body of a chat request. The provider checks the messages themselves.
 *
 * @throws TypeError that names the mistake.
 */
export function parseQuestion(body: unknown): Question {
  if (!isRecord(body)) throw new TypeError('The body must be an object with model and messages.')
  for (const name of Object.keys(body)) {
    if (FIELDS.includes(name)) continue
    throw new TypeError(`Unknown field "${name}".${didYouMean(name, FIELDS)} Fields: ${FIELDS.join(', ')}.`)
  }
  const { messages, temperature } = body
  if (!Array.isArray(messages)) throw new TypeError('messages must be an array of messages.')
  if (temperature !== undefined && typeof temperature !== 'number') throw new TypeError('temperature must be a number.')
  return {
    model: stringOf(body, 'model'),
    provider: stringOf(body, 'provider'),
    // Every provider checks each message before it sends them, and names an invalid one.
    messages: messages as Message[],
    ...(temperature !== undefined && { temperature }),
  }
}

function stringOf(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw new TypeError(`${name} must be a non-empty string.`)
}
