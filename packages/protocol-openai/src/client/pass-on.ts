import type { ChatRequest, NativeRequest } from '@rivulet/core'
import { callsOf, isRecord, isSeal, spliceJson } from '@rivulet/core/provider'
import type { ChatQuirks } from '../quirks.ts'
import { idOf, type Wire } from './encode-message.ts'

/** The quirks by which a request differs from OpenAI's. */
const REWRITING = [
  'systemRole',
  'seed',
  'efforts',
  'schemas',
  'emptyTurns',
  'userAfterTool',
  'thoughts',
  'shortToolIds',
  'prefix',
  'cacheControl',
] as const satisfies (keyof ChatQuirks)[]

/** Whether a request of this dialect can go to the endpoint as it came. */
export function canPass(request: ChatRequest, quirks: ChatQuirks): boolean {
  const { tools = [], messages } = request
  if (REWRITING.some((name) => quirks[name] !== undefined)) return false
  if (
    quirks.systemMessages === 'one' &&
    messages.some(({ role }, at) => role === 'system' && messages[at + 1]?.role === role)
  )
    return false
  if (quirks.customTools !== true && tools.some(({ type }) => type === 'text')) return false
  return messages.every(
    (message) => message.role !== 'assistant' || callsOf(message).every(({ id }) => idOf(id, quirks) === id),
  )
}

/** The request as it came, but for the fields that this call decides, and the name of the limit. */
export function passedOn(
  { model, maxTokens }: ChatRequest,
  native: NativeRequest,
  limit: ChatQuirks['maxTokens'],
  body: Wire,
  extra: Wire,
): string {
  const { stream_options: asked, messages } = native.body
  // Agents send `max_tokens` to every endpoint.
  const isRenamed = limit !== undefined && maxTokens !== undefined && native.body[limit] === undefined
  const options = isRecord(asked) && isRecord(body.stream_options) ? { ...asked, ...body.stream_options } : undefined
  return spliceJson(native.text, {
    model,
    stream: body.stream,
    stream_options: body.stream === true ? (options ?? body.stream_options ?? asked) : undefined,
    ...(isRenamed && { max_tokens: undefined, max_completion_tokens: undefined, [limit]: maxTokens }),
    ...(native.text.includes('rvl1.') && Array.isArray(messages) && { messages: withoutSealed(messages) }),
    ...extra,
  })
}

/** Messages without what a server has sealed: these endpoints take no thoughts. A turn that is left empty goes too. */
const withoutSealed = (messages: readonly unknown[]): unknown[] =>
  messages.flatMap((message) => {
    if (!isRecord(message)) return [message]
    const { reasoning_details: details, reasoning_content: _content, reasoning: _reasoning, ...rest } = message
    const isSealed = Array.isArray(details) && details.some((detail) => isSealedIn(detail, 'signature', 'data'))
    const kept: Wire = isSealed ? rest : message
    if (Array.isArray(kept.tool_calls)) return [{ ...kept, tool_calls: kept.tool_calls.map(withoutSignature) }]
    return isSealed && (kept.content ?? '') === '' ? [] : [kept]
  })

function withoutSignature(call: unknown): unknown {
  const extra = isRecord(call) && isRecord(call.extra_content) ? call.extra_content : {}
  if (!isRecord(call) || !isSealedIn(extra.google, 'thought_signature')) return call
  const { extra_content: _extra, ...rest } = call
  return rest
}

const isSealedIn = (value: unknown, ...names: readonly string[]): boolean =>
  isRecord(value) && names.some((name) => isSeal(value[name]))
