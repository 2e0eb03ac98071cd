/** Events of the Responses dialect as they travel. */

import type { ChatRequest } from '@rivulet/core'

/** A request, for tests in which it does not matter. */
export const hello: ChatRequest = { model: 'gpt-6', messages: [{ role: 'user', content: 'Hello' }] }

/** One event. */
export const event = (type: string, fields: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`

/** A response, in the field that events have it in. */
export const response = (fields: object = {}): { response: object } => ({
  response: {
    id: 'resp_1',
    object: 'response',
    model: 'gpt-6',
    error: null,
    status: 'completed',
    output: [],
    ...fields,
  },
})

export const created = event('response.created', response({ status: 'in_progress' }))

export const completed = (output: readonly object[] = [], fields: object = {}): string =>
  event('response.completed', response({ output, ...fields }))

export const start = { type: 'start', model: 'gpt-6', id: 'resp_1' }

export const finish = (reason = 'stop'): object => ({ type: 'finish', reason })

/** A piece of a text. */
export const delta = (text: string, index = 0): string =>
  event('response.output_text.delta', { output_index: index, content_index: 0, delta: text })

/** A message as a whole item. */
export const message = (...texts: string[]): object => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: texts.map((text) => ({ type: 'output_text', text })),
})

/** A call as a whole item. */
export const call = (json: unknown, fields: object = {}): object => ({
  type: 'function_call',
  id: 'fc_1',
  call_id: 'a',
  name: 'f',
  arguments: json,
  ...fields,
})

export const added = (item: object, index = 0): string =>
  event('response.output_item.added', { output_index: index, item })

export const done = (item: object, index = 0): string =>
  event('response.output_item.done', { output_index: index, item })

/** A piece of arguments. */
export const input = (json: string, index = 0): string =>
  event('response.function_call_arguments.delta', { output_index: index, delta: json })
