import type { AnswerWriter, ErrorAnswer, ServerProtocol } from '@rivulet/core/provider'
import { DIALECT } from '../wire-part.ts'
import type { AnswerOptions } from './answer-options.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { DocumentWriter } from './document-writer.ts'
import { writeError, writeFeedback } from './errors.ts'
import { ListWriter } from './list-writer.ts'
import { type Form, readRequest } from './read-request.ts'

export interface GeminiServerOptions {
  /**
   * Writes signatures together with their authors, for a server that reaches more than one. A signature that comes back without
   * its author is then left out. @default false
   */
  seal?: boolean | undefined
}

/**
 * The Gemini dialect (`generateContent`, version `v1beta`), server half: answers as events, as a list that comes in pieces, and
 * in one piece. Fields are read in camel case and in snake case.
 *
 * Facts of 2026-11-20.
 *
 * @see https://ai.google.dev/api/generate-content
 * @example
 * const path = '/v1beta/models/gemini-3.8-flash:streamGenerateContent'
 * const call = geminiServer().read({ path, query: { alt: 'sse' }, body: text }) // TypeError names the field
 * const answer = call.answer({ id: 'r-1', created: 1_795_132_800, model: call.request.model })
 */
export function geminiServer({ seal = false }: GeminiServerOptions = {}): ServerProtocol {
  return {
    dialect: DIALECT,
    read(call) {
      const { request, form, includeThoughts } = readRequest(call, seal)
      return {
        request,
        stream: form !== 'document',
        answer: ({ id, model }) => writerOf(form, { id, model, includeThoughts, seal }),
        error: (error) => writeRefusal(error, form) ?? writeError(error),
      }
    },
    error: writeError,
  }
}

function writerOf(form: Form, options: AnswerOptions): AnswerWriter {
  if (form === 'document') return new DocumentWriter(options)
  const events = new ChunkWriter(options)
  return form === 'events' ? events : new ListWriter(events)
}

/** A prompt that is refused for its content is an answer without candidates. */
function writeRefusal(error: unknown, form: Form): ErrorAnswer | undefined {
  const feedback = writeFeedback(error)
  if (feedback === undefined) return undefined
  if (form === 'events') {
    return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: `data: ${feedback}\n\n` }
  }
  const body = form === 'list' ? `[${feedback}]` : feedback
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}
