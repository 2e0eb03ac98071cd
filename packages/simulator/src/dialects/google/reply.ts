import type { Answer } from '../../answers.ts'
import { signatureOf } from '../../answers/reasoning.ts'
import type { ToolCall } from '../../answers/tool-calls.ts'
import type { Part, Reply } from '../../dialect.ts'
import { documentReply, textPlaceholder } from '../../document.ts'
import type { CallForm, ReplyFormat, UsageForm } from '../../incoming-request.ts'
import { inputOf, callsInForm } from '../openai-tool-calls.ts'
import { callSignature } from './conversation.ts'
import { googleErrorBody } from './error.ts'

const encoder = new TextEncoder()

/** One `generateContent` answer per event; the last has the finish reason, and no end mark follows it. */
export function eventReply(model: string, answer: Answer, format: ReplyFormat): Reply {
  return {
    contentType: 'text/event-stream',
    framing: 'sse',
    parts: chunks(model, answer, format).map(({ kind, document }) => ({
      kind,
      bytes: encoder.encode(`data: ${JSON.stringify(document)}\n\n`),
    })),
    isDocument: false,
    endMark: true,
    error: (error) => encoder.encode(`data: ${JSON.stringify(googleErrorBody(error))}\n\n`),
  }
}

/** The same as a JSON list, for clients that do not request SSE. */
export function listReply(model: string, answer: Answer, format: ReplyFormat): Reply {
  const documents = chunks(model, answer, format).map(({ document }) => document)
  return documentReply(documents, [], (error) => [googleErrorBody(error)])
}

export function wholeReply(model: string, answer: Answer, { callForm, usageForm }: ReplyFormat): Reply {
  const { reasoning, tokens, calls = [] } = answer
  const parts = [
    ...(reasoning === undefined ? [] : [{ text: reasoning.join(''), thought: true }]),
    ...(tokens.length === 0 ? [] : [{ text: textPlaceholder, ...signed(answer) }]),
    ...callParts(calls, callForm),
  ]
  const candidate = { content: { parts, role: 'model' }, ...ending(answer) }
  const usage = usageOf(answer, answer.outputTokens, usageForm)
  return documentReply(documentOf(model, answer, candidate, usage), tokens, googleErrorBody)
}

function chunks(model: string, answer: Answer, { callForm, usageForm }: ReplyFormat) {
  const { reasoning = [], tokens, calls = [] } = answer
  let sent = 0
  const chunk = (kind: Part['kind'], part: object, rest: object = {}) => {
    const isLast = kind === 'finish'
    sent += isLast ? 0 : 1
    const usage =
      usageForm === 'last-chunk' && !isLast ? {} : usageOf(answer, isLast ? answer.outputTokens : sent, usageForm)
    const candidate = { content: { parts: [part], role: 'model' }, ...rest }
    return { kind, document: documentOf(model, answer, candidate, usage) }
  }
  return [
    ...reasoning.map((text) => chunk('content', { text, thought: true })),
    ...tokens.map((text) => chunk('content', { text })),
    ...callParts(calls, callForm).map((part) => chunk('content', part)),
    chunk('finish', { text: '', ...(calls.length === 0 ? signed(answer) : {}) }, ending(answer)),
  ]
}

function documentOf(modelVersion: string, { id }: Answer, candidate: object, usage: object): object {
  const responseId = id.replace('chatcmpl-', '')
  return { candidates: [{ ...candidate, index: 0 }], ...usage, modelVersion, responseId }
}

/** An answer after reasoning carries a signature. */
function signed({ id, reasoning }: Answer): object {
  return reasoning === undefined ? {} : { thoughtSignature: signatureOf('answer', id) }
}

function ending({ earlyStop, isRefusal }: Answer): { readonly finishReason: string } {
  if (isRefusal === true) return { finishReason: 'SAFETY' }
  return { finishReason: earlyStop?.reason === 'length' ? 'MAX_TOKENS' : 'STOP' }
}

/** Calls are not streamed in fragments; of parallel calls only the first is signed. */
function callParts(calls: readonly ToolCall[], form?: CallForm): object[] {
  return callsInForm(calls, form).map((call, at) => ({
    functionCall: { ...(form === 'no-index' ? {} : { id: call.id }), name: call.name, args: inputOf(call) },
    ...(at === 0 ? { thoughtSignature: callSignature(call.name) } : {}),
  }))
}

/** Reasoning tokens come first and are counted separately. */
function usageOf(answer: Answer, sent: number, form: UsageForm = 'every-chunk'): object {
  if (form === 'absent') return {}
  if (form === 'nonsense') return { usageMetadata: { promptTokenCount: 'NaN', candidatesTokenCount: null } }
  const { inputTokens, cachedTokens, reasoning = [] } = answer
  const thoughts = Math.min(sent, reasoning.length)
  return {
    usageMetadata: {
      promptTokenCount: inputTokens,
      candidatesTokenCount: sent - thoughts,
      ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
      ...(cachedTokens > 0 ? { cachedContentTokenCount: cachedTokens } : {}),
      totalTokenCount: inputTokens + sent,
    },
  }
}
