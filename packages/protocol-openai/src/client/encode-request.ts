import { ChatError, type ChatRequest, type Tool } from '@rivulet/core'
import { type EncodedRequest, objectSchema } from '@rivulet/core/provider'
import type { ChatQuirks } from '../quirks.ts'
import { encodeMessages } from './encode-message.ts'

/**
 * A request as a chat-completions body. Fields have a fixed order, so that equal requests are equal bytes.
 *
 * @throws ChatError `unsupported` for a field that the endpoint's quirks exclude.
 */
export function encode(request: ChatRequest, quirks: ChatQuirks = {}): EncodedRequest {
  const stream = request.stream !== false || quirks.alwaysStream === true
  // An empty list is refused, and so is a choice without tools. Tools of the API's own are in `extra`.
  const hasNoTools = (request.tools ?? []).length === 0
  const hasNoChoice = hasNoTools && request.extra?.tools === undefined
  const body: Record<string, unknown> = {
    model: request.model,
    messages: encodeMessages(request.messages, quirks),
    stream: stream ? true : undefined,
    stream_options: stream && quirks.includeUsage === true ? { include_usage: true } : undefined,
    temperature: request.temperature,
    top_p: request.topP,
    [quirks.maxTokens ?? 'max_tokens']: request.maxTokens,
    stop: request.stop,
    [quirks.seed ?? 'seed']: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    tools: hasNoTools ? undefined : request.tools?.map(encodeTool),
    tool_choice: hasNoChoice ? undefined : encodeToolChoice(request.toolChoice),
    response_format: encodeResponseFormat(request.responseFormat, quirks),
    ...encodeEffort(request.reasoning, quirks),
    ...request.extra,
  }
  return { path: quirks.path ?? '/chat/completions', body }
}

const encodeTool = ({ name, description, parameters }: Tool): unknown => ({
  type: 'function',
  function: { name, description, parameters: objectSchema(parameters) },
})

function encodeToolChoice(choice: ChatRequest['toolChoice']): unknown {
  return typeof choice === 'object' ? { type: 'function', function: { name: choice.name } } : choice
}

function encodeEffort(effort: ChatRequest['reasoning'], { efforts }: ChatQuirks): Readonly<Record<string, unknown>> {
  if (effort === undefined) return {}
  return efforts?.[effort] ?? { reasoning_effort: effort }
}

function encodeResponseFormat(format: ChatRequest['responseFormat'], { schemas = 'strict' }: ChatQuirks): unknown {
  if (format === undefined || format === 'text') return undefined
  if (format === 'json') return { type: 'json_object' }
  const { name, schema, strict = true } = format
  if (schemas === 'none') {
    // A hint may be dropped: the answer is JSON all the same.
    if (!strict) return { type: 'json_object' }
    throw new ChatError(
      'unsupported',
      `this endpoint does not support schemas: use responseFormat: 'json', or strict: false`,
    )
  }
  return { type: 'json_schema', json_schema: { name, schema, ...(schemas === 'strict' && { strict }) } }
}
