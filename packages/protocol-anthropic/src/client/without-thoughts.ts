import type { ChatRequest, Message, NativeRequest } from '@rivulet/core'
import { isRecord, jsonOrText, partsOf, spliceJson } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'

export interface WithoutThoughtsOptions {
  /** Also turns thinking off: with a budget, the API insists on the thought before a call that waits for its result. */
  off: boolean
}

/**
 * A request without the thoughts of its earlier turns, in its messages and in what came over the wire: for an endpoint that
 * refuses them although it wrote them. A turn that is left empty goes too.
 *
 * @example
 * const again = withoutThoughts(request, { off: request.reasoning !== undefined })
 */
export function withoutThoughts(request: ChatRequest, { off }: WithoutThoughtsOptions): ChatRequest {
  const { native } = request
  return {
    ...request,
    messages: request.messages.flatMap(withoutReasoning),
    ...(off && request.reasoning !== undefined && { reasoning: 'none' as const }),
    ...(native?.dialect === DIALECT && { native: nativeWithout(native, off) }),
  }
}

function withoutReasoning(message: Message): Message[] {
  if (message.role !== 'assistant' || typeof message.content === 'string') return [message]
  const content = partsOf(message).filter(({ type }) => type !== 'reasoning')
  return content.length === 0 && message.content.length > 0 ? [] : [{ ...message, content }]
}

function nativeWithout(native: NativeRequest, off: boolean): NativeRequest {
  // Parsed anew, because the parsed body is its caller's and may have changed.
  const body = jsonOrText(native.text)
  if (!isRecord(body) || !Array.isArray(body.messages)) return native
  const messages = body.messages.flatMap((message: unknown) => {
    if (!isRecord(message) || !Array.isArray(message.content)) return [message]
    const content = message.content.filter((block: unknown) => !isRecord(block) || !THOUGHTS.has(block.type))
    return content.length === 0 && message.content.length > 0 ? [] : [{ ...message, content }]
  })
  const set = { messages, ...(off && { thinking: { type: 'disabled' } }) }
  return { ...native, text: spliceJson(native.text, set), body: { ...body, ...set } }
}

const THOUGHTS: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['thinking', 'redacted_thinking'])
