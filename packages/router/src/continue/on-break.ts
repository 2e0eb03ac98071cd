import type { AssistantMessage, ChatRequest } from '@rivulet/core'

/**
 * What a reader gets when a member breaks after its first content: the failure, a `restart` event and a whole new answer, or a
 * `resume` event and the rest of the answer.
 */
export type OnBreak = 'fail' | 'restart' | 'continue'

/** By type, so that none is missing. */
const NAMES: Readonly<Record<OnBreak, true>> = { fail: true, restart: true, continue: true }

/** The ways to recover from a break, in the order in which they are tried. None is tried after 'fail'. */
export function recoveriesOf(who: string, onBreak: unknown = 'fail'): readonly Exclude<OnBreak, 'fail'>[] {
  const list: unknown[] = Array.isArray(onBreak) ? onBreak : [onBreak]
  for (const name of list) {
    if (typeof name === 'string' && Object.hasOwn(NAMES, name)) continue
    throw new TypeError(
      `${who}: onBreak must be 'fail', 'restart' or 'continue', or a list such as ['continue', 'restart'], got ${JSON.stringify(name)}.`,
    )
  }
  const end = list.indexOf('fail')
  // Each was checked above, and what remains comes before 'fail'.
  return (end === -1 ? list : list.slice(0, end)) as Exclude<OnBreak, 'fail'>[]
}

/**
 * Whether another member can continue the answer to a request: it is one text that is not parsed, and nothing in it is
 * counted by token.
 */
export function canBeContinued({ messages, tools, toolChoice, responseFormat, extra }: ChatRequest): boolean {
  if (tools !== undefined || toolChoice !== undefined) return false
  if (responseFormat !== undefined && responseFormat !== 'text') return false
  // Wire names of the fields that ask for several answers, or for the odds of each token.
  const { logprobs = false, top_logprobs: top, n = 1 } = extra ?? {}
  if (logprobs !== false || top !== undefined || n !== 1) return false
  const last = messages.at(-1)
  return last?.role !== 'assistant' || (last.toolCalls === undefined && last.thoughts === undefined)
}

/** The turn of the assistant's that the caller has begun, `''` when it has not: with the answer it is one turn. */
export function callerTurn({ messages }: ChatRequest): string {
  const last = messages.at(-1)
  return last?.role === 'assistant' ? last.content : ''
}

/** The request whose answer is the rest of a turn. `turn` ends without white space: some endpoints refuse it there. */
export function continuing(request: ChatRequest, turn: string): ChatRequest {
  if (turn === '') return request
  const last = request.messages.at(-1)
  const before = last?.role === 'assistant' ? request.messages.slice(0, -1) : request.messages
  const prefill: AssistantMessage = { ...(last?.role === 'assistant' && last), role: 'assistant', content: turn }
  return { ...request, messages: [...before, prefill] }
}
