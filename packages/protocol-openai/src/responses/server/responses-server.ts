import type { ServerProtocol } from '@rivulet/core/provider'
import { writeError } from '../../server/errors.ts'
import { DIALECT } from '../dialect.ts'
import { DocumentWriter, StreamWriter } from './answer-writer.ts'
import { readRequest } from './read-request.ts'
import { ResponseObject } from './response-object.ts'

export interface ResponsesServerOptions {
  /**
   * Writes signatures and seals together with their author, for a server that reaches several of them: only then can it tell
   * whose they are when they come back, and those that come back without are not used. @default false
   */
  seal?: boolean | undefined
}

/**
 * The Responses dialect, server half. Nothing is stored: a request that continues from an earlier response is refused, and says
 * what to do. Tools in a namespace are functions with joined names, and their calls get the namespace back.
 *
 * @see https://platform.openai.com/docs/api-reference/responses (2026-11-20)
 * @see https://platform.openai.com/docs/api-reference/responses-streaming (2026-11-20)
 * @example
 * const call = responsesServer().read({ path: '/v1/responses', body: text })
 * const writer = call.answer({ id: 'resp_1', created: 1_795_132_800, model: call.request.model })
 */
export function responsesServer(options: ResponsesServerOptions = {}): ServerProtocol {
  const { seal = false } = options
  return {
    dialect: DIALECT,
    read(incoming) {
      const { request, body, namespaces } = readRequest(incoming, seal)
      const stream = request.stream !== false
      return {
        request,
        stream,
        answer(about) {
          const writing = { response: new ResponseObject(about, body), namespaces, seal }
          return stream ? new StreamWriter(writing) : new DocumentWriter(writing)
        },
        error: writeError,
      }
    },
    error: writeError,
  }
}
