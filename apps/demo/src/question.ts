import { ChatError, chatRequest } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { ANY_MODEL, type Question } from './backend.ts'

/**
 * Reads the body of a chat request, which may also name the provider to ask.
 *
 * @throws ChatError `bad-request` that names the mistake.
 */
export function parseQuestion(body: unknown): Question {
  if (!isRecord(body)) throw new ChatError('bad-request', 'the body must be an object with messages')
  const { provider, ...rest } = body
  const { model, ...request } = chatRequest(rest, { model: ANY_MODEL })
  if (provider !== undefined && typeof provider !== 'string') {
    throw new ChatError('bad-request', 'the body: provider must be a string')
  }
  return { ...request, ...(provider !== undefined && { provider }), model: model === ANY_MODEL ? undefined : model }
}
