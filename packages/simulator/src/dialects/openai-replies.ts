import type { Answer } from '../answers.ts'
import type { Part, Reply } from '../dialect.ts'
import { documentReply as replyIn, textPlaceholder } from '../document.ts'
import type { ReplyFormat } from '../incoming-request.ts'
import type { WireError } from '../request-error.ts'
import { callDeltas, wholeCalls } from './openai-tool-calls.ts'
import { usageFields } from './openai-usage.ts'

/** Replies of OpenAI-compatible endpoints: SSE chunks, one document, or one document per line. */

const encoder = new TextEncoder()

/** Unix seconds. Fixed, so that equal requests get equal bytes. */
export const created = 1_767_225_600

/** What differs between OpenAI-compatible endpoints. */
export interface Style {
  /** Includes a `refusal` field, reasoning and cached token counts. @default false */
  readonly full?: boolean
  readonly errorBody?: (error: WireError) => unknown
}

export function openaiError(error: WireError): unknown {
  const { message, type, code, param = null } = error
  return { error: { message, type, param, code } }
}

/** `chat.completion.chunk` events: the role, the content token by token, the finish reason, then `[DONE]`. */
export function sseReply(model: string, answer: Answer, format: ReplyFormat, style: Style = {}): Reply {
  const { full = false, errorBody = openaiError } = style
  const event = (kind: Part['kind'], data: string): Part => ({ kind, bytes: encoder.encode(`data: ${data}\n\n`) })
  const usage = usageFields(answer, format, full)
  const chunk = (kind: Part['kind'], choices: readonly unknown[], extra: object): Part =>
    event(kind, JSON.stringify({ id: answer.id, object: 'chat.completion.chunk', created, model, choices, ...extra }))
  const delta = (kind: Part['kind'], content: object, reason: string | null = null): Part =>
    chunk(kind, [{ index: 0, delta: content, finish_reason: reason }], usage.inChunk(kind))

  const { calls = [], reasoning = [], tokens } = answer
  const words = full && answer.isRefusal === true ? 'refusal' : 'content'
  const first = { role: 'assistant', content: answer.calls === undefined && words === 'content' ? '' : null }
  const parts = [delta('open', full ? { ...first, refusal: words === 'refusal' ? '' : null } : first)]
  if (full) for (const thought of reasoning) parts.push(delta('content', { reasoning_content: thought }))
  for (const token of tokens) parts.push(delta('content', { [words]: token }))
  for (const toolCall of callDeltas(calls, format.callForm)) parts.push(delta('content', { tool_calls: [toolCall] }))
  parts.push(delta('finish', {}, finishReason(answer)))
  if (usage.last !== undefined) parts.push(chunk('usage', [], usage.last))
  parts.push(event('end', '[DONE]'))
  return {
    contentType: 'text/event-stream; charset=utf-8',
    framing: 'sse',
    parts,
    isDocument: false,
    endMark: true,
    error: (error) => encoder.encode(`data: ${JSON.stringify(errorBody(error))}\n\n`),
  }
}

/** One `chat.completion` document. */
export function documentReply(model: string, answer: Answer, format: ReplyFormat, style: Style = {}): Reply {
  const { full = false, errorBody = openaiError } = style
  const { calls, reasoning } = answer
  const isRefusal = full && answer.isRefusal === true
  const document = {
    id: answer.id,
    object: 'chat.completion',
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: calls === undefined && !isRefusal ? textPlaceholder : null,
          ...(full ? { refusal: isRefusal ? textPlaceholder : null, annotations: [] } : {}),
          ...(full && reasoning !== undefined ? { reasoning_content: reasoning.join('') } : {}),
          ...(calls === undefined ? {} : { tool_calls: wholeCalls(calls, format.callForm) }),
        },
        ...(full ? { logprobs: null } : {}),
        finish_reason: finishReason(answer),
      },
    ],
    ...usageFields(answer, format, full).total,
  }
  return replyIn(document, answer.tokens, errorBody)
}

/** One document per line, each with the new text at `choices[0].message.content`. Only the end of the body ends it. */
export function linesReply(model: string, answer: Answer, format: ReplyFormat): Reply {
  const usage = usageFields(answer, format)
  const line = (kind: Part['kind'], content: string, reason: string | null, extra: object): Part => {
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: reason }]
    const document = { id: answer.id, object: 'chat.completion', created, model, choices, ...extra }
    return { kind, bytes: encoder.encode(`${JSON.stringify(document)}\n`) }
  }
  return {
    contentType: 'application/x-ndjson',
    framing: 'lines',
    parts: [
      ...answer.tokens.map((token) => line('content', token, null, usage.inChunk('content'))),
      line('finish', '', 'stop', usage.total),
    ],
    isDocument: false,
    endMark: false,
    error: (error) => encoder.encode(`${JSON.stringify(openaiError(error))}\n`),
  }
}

/** The endpoints without generation options never stop early, so they always report `stop`. */
function finishReason({ calls, earlyStop }: Answer): string {
  if (calls !== undefined) return 'tool_calls'
  return earlyStop?.reason === 'length' ? 'length' : 'stop'
}
