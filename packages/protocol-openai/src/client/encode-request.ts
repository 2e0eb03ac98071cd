import { ChatError, type ChatRequest } from '@rivulet/core'
import { Dropped, type EncodedRequest, extraFields, hasCacheMarks } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { ChatQuirks, PrefixQuirk } from '../quirks.ts'
import { encodeEffort } from './encode-effort.ts'
import { encodeMessages, type Sending } from './encode-message.ts'
import { encodeToolChoice, encodeTools } from './encode-tools.ts'
import { canPass, passedOn } from './pass-on.ts'
import { answerSchema } from './strict-schema.ts'

/** The most marks for the cache that Anthropic takes. */
const MAX_CACHE_MARKS = 4

/**
 * A request as a chat-completions body. Fields have a fixed order, so that equal requests are equal bytes.
 *
 * @throws ChatError `unsupported` for a meaning that the endpoint's quirks exclude.
 */
export function encode(
  request: ChatRequest,
  quirks: ChatQuirks = {},
): { http: EncodedRequest; dropped: readonly string[] } {
  const prefix = prefixOf(request, quirks)
  const to: Sending = { model: request.model, quirks, prefix: prefix?.as, dropped: new Dropped(), marks: [] }
  const path = prefix?.path ?? quirks.path ?? '/chat/completions'
  const extra = extraFields(request, DIALECT)
  const { native } = request
  const stream = request.stream !== false || quirks.alwaysStream === true
  const tools = encodeTools(request, to)
  // A choice without tools is refused. Tools of the API's own may be in `extra`.
  const hasTools = tools !== undefined || extra.tools !== undefined
  const { stop = [] } = request
  const { maxStops = Infinity } = quirks
  if (stop.length > maxStops) {
    throw new ChatError('unsupported', `this endpoint takes at most ${maxStops} stop strings, got ${stop.length}`)
  }
  if (quirks.cacheControl !== true && hasCacheMarks(request)) to.dropped.add('cache')
  if (request.topK !== undefined && quirks.topK !== true) to.dropped.add('topK')
  const body: Record<string, unknown> = { model: request.model, messages: encodeMessages(request.messages, to) }
  // Of the fields that a body may have, most have few: it is built of those that it has.
  const set = (name: string, value: unknown): void => {
    if (value !== undefined) body[name] = value
  }
  if (stream) body.stream = true
  if (stream && quirks.includeUsage === true) body.stream_options = { include_usage: true }
  set('temperature', request.temperature)
  set('top_p', request.topP)
  if (quirks.topK === true) set('top_k', request.topK)
  set(quirks.maxTokens ?? 'max_tokens', request.maxTokens)
  set('stop', request.stop)
  set(quirks.seed ?? 'seed', request.seed)
  set('presence_penalty', request.presencePenalty)
  set('frequency_penalty', request.frequencyPenalty)
  set('tools', tools)
  if (hasTools) {
    set('tool_choice', encodeToolChoice(request, to))
    set('parallel_tool_calls', request.parallelToolCalls)
  }
  set('response_format', encodeResponseFormat(request.responseFormat, quirks))
  if (request.reasoning !== undefined) Object.assign(body, encodeEffort(request.reasoning, to))
  if (prefix?.as === 'continue_final_message') {
    Object.assign(body, { continue_final_message: true, add_generation_prompt: false })
  }
  keepLastMarks(to)
  if (native?.dialect === DIALECT && canPass(request, quirks)) {
    const { headers } = native
    const dropped = to.dropped.names.filter((name) => name.startsWith('reasoning '))
    return { http: { path, headers, body, json: passedOn(request, native, quirks.maxTokens, body, extra) }, dropped }
  }
  const isSame = native?.dialect === DIALECT
  for (const name of native?.unnamed ?? []) {
    const value = isSame ? native.body[name] : undefined
    // A server may have left out what is not a field of the body, such as thoughts without an author.
    if (value === undefined) to.dropped.add(name)
    else body[name] = value
  }
  const http = { path, headers: isSame ? native.headers : undefined, body: Object.assign(body, extra) }
  return { http, dropped: to.dropped.names }
}

/** How the endpoint continues the last message of a request; `undefined` for one that it answers. */
function prefixOf({ messages, reasoning }: ChatRequest, { prefix }: ChatQuirks): PrefixQuirk | undefined {
  if (messages.at(-1)?.role !== 'assistant' || prefix === undefined || prefix === false) return undefined
  if (prefix === true) return { as: 'prefix' }
  return (prefix.efforts?.includes(reasoning ?? 'default') ?? true) ? prefix : undefined
}

/** A request with more marks is refused, and the last ones cover the longest part of it. */
function keepLastMarks({ marks, dropped }: Sending): void {
  if (marks.length <= MAX_CACHE_MARKS) return
  for (const wire of marks.slice(0, -MAX_CACHE_MARKS)) {
    delete wire.cache_control
    dropped.add('cache')
  }
}

function encodeResponseFormat(format: ChatRequest['responseFormat'], quirks: ChatQuirks): unknown {
  const { schemas = 'strict', strictSchema } = quirks
  if (format === undefined || format === 'text') return undefined
  if (format === 'json') return { type: 'json_object' }
  if (schemas === 'none') {
    // A hint may be dropped: the answer is JSON all the same.
    if (format.strict === false) return { type: 'json_object' }
    throw new ChatError(
      'unsupported',
      `this endpoint does not support schemas: use responseFormat: 'json', or strict: false`,
    )
  }
  const { schema, strict } = answerSchema(format, strictSchema)
  return { type: 'json_schema', json_schema: { name: format.name, schema, ...(schemas === 'strict' && { strict }) } }
}
