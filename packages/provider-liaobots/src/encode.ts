import { ChatError, type ChatRequest, type Message } from '@rivulet/core'
import type { EncodedRequest } from '@rivulet/core/provider'

/** A model as Liaobots describes it: each request carries the whole record. */
export interface LiaobotsModel {
  id: string
  name: string
  /** The longest conversation, in characters. */
  maxLength: number
  /** The longest conversation, in tokens. */
  tokenLimit: number
}

export interface EncodeContext {
  models: readonly LiaobotsModel[]
  prompt: string
  /** Gives a new id for each request. */
  conversationId: () => string
}

/**
 * @throws ChatError `context-length` when the messages are longer than the model takes, `not-found` when Liaobots has no
 *   such model, whose record is unknown. Nothing is sent.
 */
export function encode(request: ChatRequest, { models, prompt, conversationId }: EncodeContext): EncodedRequest {
  const model = models.find(({ id }) => id === request.model)
  if (model === undefined) {
    const known = models.map(({ id }) => id).join(', ')
    throw new ChatError('not-found', `no model "${request.model}". It has: ${known}; the models option adds more.`)
  }
  const messages = request.messages.map((message) => ({ role: message.role, content: textOf(message) }))
  const length = messages.reduce((sum, { content }) => sum + content.length, 0)
  if (length > model.maxLength) {
    throw new ChatError(
      'context-length',
      `the messages have ${length} characters and ${model.id} takes at most ${model.maxLength}. Nothing was sent: drop the oldest.`,
    )
  }
  const { id, name, maxLength, tokenLimit } = model
  return {
    path: '/api/chat',
    body: {
      conversationId: conversationId(),
      model: { id, name, maxLength, tokenLimit },
      messages,
      key: '',
      prompt,
      ...request.extra,
    },
  }
}

/** @throws ChatError `unsupported` for what the dialect has no place for: sent as text, it would be something else. */
function textOf(message: Message): string {
  if (message.role === 'tool') throw new ChatError('unsupported', 'its dialect has no place for tool results.')
  if (message.role === 'assistant' && (message.toolCalls?.length ?? 0) > 0) {
    throw new ChatError('unsupported', 'its dialect has no place for tool calls.')
  }
  if (typeof message.content === 'string') return message.content
  return message.content
    .map((part) => {
      if (part.type !== 'text') throw new ChatError('unsupported', 'it reads no images.')
      return part.text
    })
    .join('\n')
}
