import type { AssistantMessage, ChatRequest } from '@rivulet/core'

/**
 * What a reader gets when a member breaks behind its first content: the failure, a whole new answer behind a `restart`
 * event, or the rest of the answer behind a `resume` event.
 */
export type OnBreak = 'fail' | 'restart' | 'continue'

const NAMES: readonly unknown[] = ['fail', 'restart', 'continue'] satisfies OnBreak[]

/** The ways to mend a break, in the order in which they are tried. Nothing is tried behind 'fail'. */
export function recoveriesOf(who: string, onBreak: unknown = 'fail'): readonly Exclude<OnBreak, 'fail'>[] {
  const list: unknown[] = Array.isArray(onBreak) ? onBreak : [onBreak]
  for (const name of list) {
    if (NAMES.includes(name)) continue
    throw new TypeError(
      `${who}: onBreak must be 'fail' or 'restart' or 'continue', or a list as ['continue', 'restart'], got ${JSON.stringify(name)}.`,
    )
  }
  const end = list.indexOf('fail')
  // Each was checked above, and what remains stands before 'fail'.
  return (end === -1 ? list : list.slice(0, end)) as Exclude<OnBreak, 'fail'>[]
}

/**
 * Whether the answer to a request can be gone on with by another member: it is one text that nobody parses, and nothing in
 * it is counted by token.
 */
export function canBeContinued({ messages, tools, toolChoice, responseFormat, extra }: ChatRequest): boolean {
  if (tools !== undefined || toolChoice !== undefined) return false
  if (responseFormat !== undefined && responseFormat !== 'text') return false
  // Names of the wire: what asks for several answers, or for the odds of each token.
  const { logprobs = false, top_logprobs: top, n = 1 } = extra ?? {}
  if (logprobs !== false || top !== undefined || n !== 1) return false
  const last = messages.at(-1)
  return last?.role !== 'assistant' || (last.toolCalls === undefined && last.thoughts === undefined)
}

/** What the caller has begun of the answer: it is one turn with what comes, and stays one. */
export function begunOf({ messages }: ChatRequest): string {
  const last = messages.at(-1)
  return last?.role === 'assistant' ? last.content : ''
}

/** The request whose answer is the rest of a turn, which ends without white space: some endpoints refuse it there. */
export function continuing(request: ChatRequest, turn: string): ChatRequest {
  if (turn === '') return request
  const last = request.messages.at(-1)
  const before = last?.role === 'assistant' ? request.messages.slice(0, -1) : request.messages
  const begun: AssistantMessage = { ...(last?.role === 'assistant' && last), role: 'assistant', content: turn }
  return { ...request, messages: [...before, begun] }
}
