import { fieldError, isRecord, checkFieldNames } from './check.ts'

/** A chat message that passed the checks. */
export interface Message {
  readonly role: Role
  readonly content: string
  /** The number of images in the message. */
  readonly images?: number
}

type Role = (typeof roles)[number]

const roles = ['system', 'user', 'assistant', 'tool'] as const
const plainFields = ['role', 'content']
const toolFields = [...plainFields, 'name', 'tool_calls', 'tool_call_id']

/** The `messages` of a body: OpenAI chat messages, at least one, with string content. */
export function messagesOf(body: Readonly<Record<string, unknown>>, options: { readonly tools: boolean }): Message[] {
  const { messages } = body
  if (messages === undefined) throw fieldError('messages', 'missing', 'is missing')
  if (!Array.isArray(messages)) throw fieldError('messages', 'wrong_type', 'must be an array of { role, content }')
  if (messages.length === 0) throw fieldError('messages', 'wrong_value', 'must have at least one message')
  return messages.map((message: unknown, index) => messageOf(message, `messages[${index}]`, options.tools))
}

function messageOf(message: unknown, where: string, tools: boolean): Message {
  if (!isRecord(message)) throw fieldError(where, 'wrong_type', 'must be an object { role, content }')
  checkFieldNames(message, tools ? toolFields : plainFields, { where })
  const role = roles.find((known) => known === message.role)
  if (role === undefined) throw fieldError(`${where}.role`, 'wrong_value', `must be one of ${roles.join(', ')}`)
  const { content } = message
  // An assistant's turn that only calls tools has no content.
  if (
    tools &&
    role === 'assistant' &&
    Array.isArray(message.tool_calls) &&
    (content === null || content === undefined)
  ) {
    return { role, content: '' }
  }
  if (content === undefined) throw fieldError(`${where}.content`, 'missing', 'is missing')
  if (typeof content !== 'string') throw fieldError(`${where}.content`, 'wrong_type', 'must be a string')
  return { role, content }
}
