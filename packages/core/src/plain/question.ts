import type { ChatRequest } from '../chat.ts'
import { copyRequest } from '../check/copy-request.ts'
import { isRecord } from '../check/is-record.ts'

/** A question: a request whose model may be left out, or the one message of a conversation. */
export type Question = string | (Omit<ChatRequest, 'model'> & { model?: string | undefined })

/**
 * The request of a question, as it is at the call: it may be asked later, or again, and its caller may change it meanwhile.
 *
 * @throws TypeError for anything else, and when no model is named.
 */
export function requestOf(who: string, question: Question, usual: string | undefined): ChatRequest {
  if (typeof question !== 'string' && !isRecord(question)) {
    throw new TypeError(`${who}: ask a text, or a request, as in { messages: [{ role: 'user', content: 'Hello' }] }.`)
  }
  const given = typeof question === 'string' ? { messages: [{ role: 'user' as const, content: question }] } : question
  const model = given.model ?? usual
  if (model === undefined) {
    throw new TypeError(`${who}: no model is named, and the provider lists none. Set the model option.`)
  }
  return copyRequest({ ...given, model })
}
