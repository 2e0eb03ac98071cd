import type { ChatRequest } from '@rivulet/core'
import { Dropped, type EncodedRequest, extraFields, hasCacheMarks, type Opened } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { ResponsesOptions } from '../options.ts'
import { nearestEffort } from '../../client/nearest-effort.ts'
import { answerSchema, type StrictSchema } from '../../client/strict-schema.ts'
import { InputEncoder } from './encode-input.ts'
import { encodeTool, encodeToolChoice } from './encode-tools.ts'
import { passThrough } from './pass-through.ts'

type Wire = Record<string, unknown>

/** A request as a body of the Responses dialect. Fields have a fixed order, so that equal requests are equal bytes. */
export function encode(request: ChatRequest, options: ResponsesOptions = {}): Omit<Opened, 'decode'> {
  const dropped = new Dropped()
  const { native } = request
  const http =
    native?.dialect === DIALECT
      ? passThrough(request, native, options, dropped)
      : encodeFields(request, options, dropped)
  if (native !== undefined && native.dialect !== DIALECT) for (const name of native.unnamed) dropped.add(name)
  return { http, dropped: dropped.names }
}

function encodeFields(request: ChatRequest, options: ResponsesOptions, dropped: Dropped): EncodedRequest {
  const { messages, reasoning, tools = [] } = request
  if (hasCacheMarks(request)) dropped.add('cache')
  const extra = extraFields(request, DIALECT)
  const known = options.efforts?.(request.model)
  const effort = reasoning && known ? nearestEffort(reasoning, known) : reasoning
  if (reasoning !== undefined && effort !== undefined && effort !== reasoning)
    dropped.add(`reasoning: '${reasoning}' sent as '${effort}'`)
  const thinks = options.thinks?.(request.model) === true || (effort !== undefined && effort !== 'none')
  // An empty list is refused, and so is a choice without tools.
  const hasTools = tools.length > 0 || extra.tools !== undefined
  const input = new InputEncoder(request, options, dropped)
  const body: Wire = {
    model: request.model,
    input: messages.flatMap((message) => input.encode(message)),
    stream: request.stream === false ? undefined : true,
    store: false,
    temperature: request.temperature,
    top_p: request.topP,
    max_output_tokens: request.maxTokens,
    tools: tools.length > 0 ? tools.map((tool) => encodeTool(tool, options.strictSchema, dropped)) : undefined,
    tool_choice: hasTools ? encodeToolChoice(request) : undefined,
    parallel_tool_calls: hasTools ? request.parallelToolCalls : undefined,
    text: encodeFormat(request.responseFormat, options.strictSchema),
    reasoning: encodeReasoning(effort, thinks ? options.reasoningSummary : undefined),
    include: thinks ? ['reasoning.encrypted_content'] : undefined,
    ...extra,
  }
  return { path: options.path ?? '/responses', body }
}

function encodeFormat(format: ChatRequest['responseFormat'], adapt: StrictSchema): Wire | undefined {
  if (format === undefined || format === 'text') return undefined
  if (format === 'json') return { format: { type: 'json_object' } }
  return { format: { type: 'json_schema', name: format.name, ...answerSchema(format, adapt) } }
}

function encodeReasoning(
  effort: ChatRequest['reasoning'],
  summary: ResponsesOptions['reasoningSummary'],
): Wire | undefined {
  if (effort === undefined && summary === undefined) return undefined
  return { ...(effort !== undefined && { effort }), ...(summary !== undefined && { summary }) }
}
