import type { AssistantMessage, ChatRequest } from '@rivulet/core'
import { isRecord, partsOf, textOfParts } from '@rivulet/core/provider'

/**
 * Why no other member can continue the answer to a request; `undefined` where one can: the answer is one text that is not
 * parsed, and nothing in it is counted by token.
 */
export function whyNeverContinued(request: ChatRequest): string | undefined {
  const { messages, tools, toolChoice, responseFormat, extra, native } = request
  if (tools !== undefined || toolChoice !== undefined) return 'the request has tools'
  if (responseFormat !== undefined && responseFormat !== 'text') return 'the request has a response format'
  const bodies: unknown[] = [...Object.values(extra ?? {}), native?.body]
  if (bodies.some(asksForMore)) return 'the request asks for log probabilities or for several answers'
  const last = messages.at(-1)
  const isText = last?.role !== 'assistant' || partsOf(last).every(({ type }) => type === 'text')
  return isText ? undefined : 'the request begins the answer with more than text'
}

/** Whether body fields ask for several answers, or for the odds of each token: these are their names on the wire. */
function asksForMore(body: unknown): boolean {
  if (!isRecord(body)) return false
  const { logprobs = false, top_logprobs: top, n = 1 } = body
  return logprobs !== false || top !== undefined || n !== 1
}

/** The turn of the assistant's that the caller has begun, `''` when it has not: with the answer it is one turn. */
export function callerTurn({ messages }: ChatRequest): string {
  const last = messages.at(-1)
  return last?.role === 'assistant' ? textOfParts(partsOf(last)) : ''
}

/**
 * The request whose answer is the rest of a turn. `turn` ends without white space: some endpoints refuse it there. It is no
 * longer the request that a client has sent.
 */
export function continuing(request: ChatRequest, turn: string): ChatRequest {
  if (turn === '') return request
  const { native: _, ...rest } = request
  const last = request.messages.at(-1)
  const before = last?.role === 'assistant' ? request.messages.slice(0, -1) : request.messages
  const prefill: AssistantMessage = { ...(last?.role === 'assistant' && last), role: 'assistant', content: turn }
  return { ...rest, messages: [...before, prefill] }
}
