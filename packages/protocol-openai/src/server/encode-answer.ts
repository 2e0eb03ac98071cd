import type { ChatResult } from '@rivulet/core'
import { writeDetails } from '../reasoning-details.ts'
import { type AnswerOptions, type AnswerStream, ChunkWriter } from './chunk-writer.ts'
import { writeFinishReason } from './finish-reason.ts'
import { writeUsage } from './usage.ts'

/**
 * Writes the events of one answer as a chat-completions stream.
 *
 * @example
 * const answer = answerStream({ id: 'chatcmpl-1', created: 1_795_132_800 })
 * for await (const event of provider.stream(request)) response.write(answer.write(event))
 */
export function answerStream(options: AnswerOptions): AnswerStream {
  return new ChunkWriter(options)
}

/**
 * A complete answer as one chat-completions document.
 *
 * @example
 * const document = answerDocument(await collect(provider.stream(request)), { id: 'chatcmpl-1', created: 1_795_132_800 })
 */
export function answerDocument(result: ChatResult, options: Pick<AnswerOptions, 'id' | 'created'>): object {
  const { text, reasoning, thoughts, toolCalls, usage, reason = 'stop' } = result
  const calls = toolCalls.map(({ id, name, json }) => ({ id, type: 'function', function: { name, arguments: json } }))
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(reasoning !== undefined && { reasoning_content: reasoning }),
    ...(thoughts !== undefined && { reasoning_details: thoughts.flatMap((thought) => writeDetails(thought)) }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
  return {
    id: result.id ?? options.id,
    object: 'chat.completion',
    created: options.created,
    model: result.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: writeFinishReason(reason) }],
    ...(usage !== undefined && { usage: writeUsage(usage) }),
  }
}
