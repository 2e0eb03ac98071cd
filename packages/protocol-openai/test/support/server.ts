import type { ChatEvent, ChatRequest } from '@rivulet/core'
import type { AnswerWriter } from '@rivulet/core/provider'
import { chatCompletionsServer, type ChatCompletionsServerOptions } from '../../src/index.ts'

export const IDENTITY = { id: 'chatcmpl-1', created: 1_795_132_800, model: 'gpt-4' }
const QUESTION = { model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }

/** The request that a server reads out of a body, without the body itself. */
export function readRequest(body: unknown, options?: ChatCompletionsServerOptions): ChatRequest {
  const { native: _native, ...request } = chatCompletionsServer(options).read({ path: '/', body }).request
  return request
}

/** The writer of an answer to a question that is asked like this. */
export const writerOf = (fields: object = {}, options?: ChatCompletionsServerOptions): AnswerWriter =>
  chatCompletionsServer(options)
    .read({ path: '/', body: { ...QUESTION, stream: true, ...fields } })
    .answer(IDENTITY)

/** The chunks of a stream, parsed; the end mark as it is. */
export const chunksIn = (body: string): unknown[] =>
  body
    .split('\n\n')
    .filter((line) => line !== '')
    .map((line) => line.slice('data: '.length))
    .map((data): unknown => (data === '[DONE]' ? data : JSON.parse(data)))

export const start: ChatEvent = { type: 'start', provider: 'acme', model: 'gpt-4', id: 'c1' }
export const say = (text: string): ChatEvent => ({ type: 'text', text })
