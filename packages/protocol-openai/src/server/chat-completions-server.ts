import type { ServerProtocol } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { DocumentWriter } from './document-writer.ts'
import { writeError } from './errors.ts'
import { readRequest } from './read-request.ts'

export interface ChatCompletionsServerOptions {
  /**
   * Writes signatures of thoughts together with their authors, for a server that reaches more than one. A thought that comes
   * back without its author is then left out. @default false
   */
  seal?: boolean | undefined
}

/**
 * The OpenAI chat-completions dialect, server half.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create (2026-11-20)
 * @example
 * const call = chatCompletionsServer().read({ path: '/v1/chat/completions', body: text }) // TypeError names the field
 * const answer = call.answer({ id: 'chatcmpl-1', created: 1_795_132_800, model: call.request.model })
 */
export function chatCompletionsServer({ seal = false }: ChatCompletionsServerOptions = {}): ServerProtocol {
  return {
    dialect: DIALECT,
    read(call) {
      const { request, stream, includeUsage } = readRequest(call, seal)
      return {
        request,
        stream,
        answer: (about) => new (stream ? ChunkWriter : DocumentWriter)({ ...about, includeUsage, seal }),
        error: writeError,
      }
    },
    error: writeError,
  }
}
