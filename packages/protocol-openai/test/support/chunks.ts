import type { DecodedEvent } from '@rivulet/core/provider'

/** Chunks as server-sent events, followed by the end mark. */
export const stream = (...chunks: (object | string)[]): string => `${cutOff(...chunks)}data: [DONE]\n\n`

/** The same, cut off before the end mark. */
export const cutOff = (...chunks: (object | string)[]): string =>
  chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join('')

export const chunk = (delta: object, rest: object = {}): object => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  model: 'gpt-4',
  choices: [{ index: 0, delta, finish_reason: null, ...rest }],
})
export const say = (content: string): object => chunk({ content })
export const done = (reason = 'stop'): object => chunk({}, { finish_reason: reason })
export const message = (fields: object, reason: string | null = 'stop'): string =>
  JSON.stringify({
    id: 'c1',
    object: 'chat.completion',
    model: 'gpt-4',
    choices: [{ index: 0, message: { role: 'assistant', ...fields }, finish_reason: reason }],
  })

export const start: DecodedEvent = { type: 'start', model: 'gpt-4', id: 'c1' }
export const text = (words: string): DecodedEvent => ({ type: 'text', text: words })
export const finish = (reason: Extract<DecodedEvent, { type: 'finish' }>['reason'] = 'stop'): DecodedEvent => ({
  type: 'finish',
  reason,
})
