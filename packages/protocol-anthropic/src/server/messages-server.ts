import type { ChatRequest, Usage } from '@rivulet/core'
import { type AnswerWriter, countInput, type ServerProtocol } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { DocumentWriter } from './document-writer.ts'
import { errorAnswer } from './errors.ts'
import { readRequest } from './read-request.ts'
import { StreamWriter } from './stream-writer.ts'

export interface MessagesServerOptions {
  /**
   * Writes each signature together with its author, for servers that reach more than one: the client sends it back, and only
   * its author gets it. @default false
   */
  seal?: boolean | undefined
}

/**
 * The Anthropic Messages dialect, server half: what its clients and agents send, and the answers that they read. A request
 * keeps what came over the wire (`request.native`), and an answer passes the frames of an endpoint that speaks this dialect.
 *
 * Facts of 2026-11-20.
 *
 * @see https://platform.claude.com/docs/en/api/messages
 * @example
 * const body = { model: 'claude-opus-5-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] }
 * const { request, answer } = messagesServer().read({ path: '/v1/messages', body })
 * const writer = answer({ id: 'msg_1', created: 1_764_000_000, model: request.model })
 */
export function messagesServer({ seal = false }: MessagesServerOptions = {}): ServerProtocol {
  return {
    dialect: DIALECT,
    read(call) {
      const request = readRequest(call)
      const stream = request.stream === true
      return {
        request,
        stream,
        answer({ id, model }): AnswerWriter {
          const options = { id, model, seal }
          if (!stream) return new DocumentWriter(options)
          return new StreamWriter({ ...options, estimate: () => estimateOf(request) })
        },
        error: errorAnswer,
      }
    },
    error: errorAnswer,
  }
}

/** Of English, in the tokenizers of 2026. To count the tokens of a long conversation would take longer than all else here. */
const CHARACTERS_PER_TOKEN = 4

/** Clients show the input of a message from its start on, when most endpoints of other dialects have not told theirs. */
const estimateOf = (request: ChatRequest): Partial<Usage> => ({
  inputTokens: Math.ceil(countInput(request, ({ length }) => length / CHARACTERS_PER_TOKEN)),
  source: 'estimated',
})
