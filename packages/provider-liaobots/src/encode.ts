import { ChatError, type ChatRequest, type Message } from '@rivulet/core'
import { Dropped, extraFields, hasCacheMarks, type Opened, partsOf } from '@rivulet/core/provider'

/** A model as Liaobots describes it: each request carries the whole record. */
export interface LiaobotsModel {
  /** The value for `model` of a request. */
  id: string
  /** Display name, which is sent too. */
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
export function encode(
  request: ChatRequest,
  { models, prompt, conversationId }: EncodeContext,
): Pick<Opened, 'http' | 'dropped'> {
  const model = models.find(({ id }) => id === request.model)
  if (model === undefined) {
    const known = models.map(({ id }) => id).join(', ')
    throw new ChatError('not-found', `no model "${request.model}". It has: ${known}; the models option adds more.`)
  }
  const dropped = new Dropped()
  if (hasCacheMarks(request)) dropped.add('cache')
  for (const name of request.native?.unnamed ?? []) dropped.add(name)
  const messages = request.messages.map((message) => ({ role: message.role, content: textOf(message, dropped) }))
  const length = messages.reduce((sum, { content }) => sum + content.length, 0)
  if (length > model.maxLength) {
    throw new ChatError(
      'context-length',
      `the messages have ${length} characters and ${model.id} takes at most ${model.maxLength}. Nothing was sent: drop the oldest.`,
    )
  }
  const { id, name, maxLength, tokenLimit } = model
  const body = {
    conversationId: conversationId(),
    model: { id, name, maxLength, tokenLimit },
    messages,
    key: '',
    prompt,
    ...extraFields(request, 'liaobots'),
  }
  return { http: { path: '/api/chat', body }, dropped: dropped.names }
}

/** @throws ChatError `unsupported` for what the dialect has no place for: sent as text, it would be something else. */
function textOf(message: Message, dropped: Dropped): string {
  if (message.role === 'tool') throw new ChatError('unsupported', 'its dialect has no place for tool results.')
  const texts: string[] = []
  for (const part of partsOf(message)) {
    switch (part.type) {
      case 'text':
        texts.push(part.text)
        break
      case 'reasoning':
        dropped.add('reasoning of another model')
        break
      case 'native':
        dropped.add(`native parts of ${part.dialect}`)
        break
      case 'tool-call':
        throw new ChatError('unsupported', 'its dialect has no place for tool calls.')
      case 'image':
      case 'file':
        throw new ChatError('unsupported', 'it reads no images.')
    }
  }
  return texts.join('\n')
}
