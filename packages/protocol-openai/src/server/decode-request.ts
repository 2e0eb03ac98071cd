import type { ChatRequest, ReasoningEffort, ResponseFormat, Tool, ToolChoice } from '@rivulet/core'
import { decodeMessage } from './decode-message.ts'
import { defined, Fields } from './fields.ts'

export interface DecodeRequestOptions {
  /** The provider that the assistant's thoughts are attributed to. @default none: the thoughts go to no provider */
  origin?: string | undefined
}

const EFFORTS: readonly string[] = ['none', 'minimal', 'low', 'medium', 'high'] satisfies ReasoningEffort[]
/** Body fields that map to a request field; all others go into `extra`, unchanged. */
const NAMED = /* @__PURE__ */ new Set(
  (
    'model messages stream stream_options temperature top_p max_tokens max_completion_tokens stop seed presence_penalty ' +
    'frequency_penalty tools tool_choice response_format n functions function_call'
  ).split(' '),
)

/**
 * Reads a chat-completions body as a request, server half. Strict where a mistake would give a wrong answer, otherwise as
 * lenient as the dialect: null counts as absent, `developer` is `system`, fields without a counterpart go into `extra`, as
 * does an unknown effort. `name` of a message and `detail` of an image are dropped.
 *
 * @param body Parsed JSON.
 * @throws ChatError `bad-request` that names the field.
 * @see https://platform.openai.com/docs/api-reference/chat/create (2026-11-20)
 * @example
 * const request = decodeRequest(JSON.parse(text))
 */
export function decodeRequest(body: unknown, options: DecodeRequestOptions = {}): ChatRequest {
  const fields = new Fields(body, '')
  refuseUnsupported(fields)
  const messages = fields.objects('messages') ?? fields.refuse('messages', 'is missing: it must be an array')
  if (messages.length === 0) fields.refuse('messages', 'is empty: give at least one')
  const effort = fields.get('reasoning_effort')
  const reasoning = EFFORTS.find((known) => known === effort)
  const unnamed = fields.names.filter(
    (name) => !NAMED.has(name) && !(name === 'reasoning_effort' && reasoning !== undefined),
  )
  const extra: Record<string, unknown> = defined(Object.fromEntries(unnamed.map((name) => [name, fields.get(name)])))
  return {
    model: fields.name('model'),
    messages: messages.map((message) => decodeMessage(message, options.origin)),
    ...(fields.flag('stream') !== true && { stream: false }),
    ...defined({
      temperature: fields.number('temperature'),
      topP: fields.number('top_p'),
      maxTokens: fields.whole('max_completion_tokens', 1) ?? fields.whole('max_tokens', 1),
      stop: decodeStop(fields),
      seed: fields.whole('seed'),
      presencePenalty: fields.number('presence_penalty'),
      frequencyPenalty: fields.number('frequency_penalty'),
      tools: fields.objects('tools')?.map(decodeTool),
      toolChoice: decodeToolChoice(fields),
      responseFormat: decodeResponseFormat(fields),
      // Found in EFFORTS, whose entries are efforts.
      reasoning: reasoning as ReasoningEffort | undefined,
    }),
    ...(Object.keys(extra).length > 0 && { extra }),
  }
}

/** Whether the client asks for usage at the end of the stream (`stream_options.include_usage`). */
export function wantsUsage(body: unknown): boolean {
  return new Fields(body, '').object('stream_options')?.flag('include_usage') === true
}

/** Refuses fields that would give another answer than the client asked for. */
function refuseUnsupported(fields: Fields): void {
  if ((fields.whole('n', 1) ?? 1) > 1) fields.refuse('n', 'must be 1: a request gets one answer')
  for (const old of ['functions', 'function_call']) {
    if (fields.get(old) !== undefined) fields.refuse(old, 'is deprecated and not supported: use tools and tool_choice')
  }
}

function decodeStop(fields: Fields): string[] | undefined {
  const stop = fields.get('stop')
  if (typeof stop === 'string') return [stop]
  return fields.list('stop')?.map((word, index) => {
    return typeof word === 'string' ? word : fields.refuse(`stop[${index}]`, 'must be a string')
  })
}

function decodeTool(fields: Fields): Tool {
  fields.oneOf('type', ['function'])
  const named = fields.object('function') ?? fields.refuse('function', 'is missing')
  return {
    name: named.name('name'),
    ...defined({ description: named.text('description'), parameters: named.record('parameters') }),
  }
}

function decodeToolChoice(fields: Fields): ToolChoice | undefined {
  if (typeof fields.get('tool_choice') === 'string')
    return fields.oneOf('tool_choice', ['auto', 'none', 'required'] as const)
  const choice = fields.object('tool_choice')
  if (choice === undefined) return undefined
  choice.oneOf('type', ['function'])
  return { name: (choice.object('function') ?? choice.refuse('function', 'is missing')).name('name') }
}

function decodeResponseFormat(fields: Fields): ResponseFormat | undefined {
  const format = fields.object('response_format')
  if (format === undefined) return undefined
  const type = format.oneOf('type', ['text', 'json_object', 'json_schema']) ?? format.refuse('type', 'is missing')
  if (type === 'text') return undefined
  if (type === 'json_object') return 'json'
  const wanted = format.object('json_schema') ?? format.refuse('json_schema', 'is missing')
  return {
    name: wanted.name('name'),
    schema: wanted.record('schema') ?? {},
    ...(wanted.flag('strict') !== true && { strict: false }),
  }
}
