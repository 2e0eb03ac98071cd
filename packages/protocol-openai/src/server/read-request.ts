import type { ChatRequest, NativeRequest, ReasoningEffort, ResponseFormat, Tool, ToolChoice } from '@rivulet/core'
import { defined, Fields, type IncomingCall } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { readBody } from './body.ts'
import { markOf, readMessage } from './read-message.ts'

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']

/** Body fields that map to a request field. */
const NAMED = /* @__PURE__ */ new Set(
  (
    'model messages stream stream_options temperature top_p top_k max_tokens max_completion_tokens stop seed ' +
    'presence_penalty frequency_penalty tools tool_choice parallel_tool_calls response_format n'
  ).split(' '),
)

/** A request, and what its answer depends on. */
export interface ReadRequest {
  request: ChatRequest
  stream: boolean
  /** The client wants the usage at the end of the stream. */
  includeUsage: boolean
}

/**
 * Reads a chat-completions request. Strict where a mistake would give a wrong answer, otherwise as lenient as the dialect: null
 * counts as absent, `developer` is `system`, `name` of a message and `detail` of an image are only in `native`.
 *
 * @throws TypeError that names the field.
 * @see https://platform.openai.com/docs/api-reference/chat/create (2026-11-20)
 */
export function readRequest({ body, headers = {} }: IncomingCall, isSealing: boolean): ReadRequest {
  const { text, object } = readBody(body)
  const fields = new Fields(object, '')
  refuseUnsupported(fields)
  const messages = fields.objects('messages') ?? fields.refuse('messages', 'is missing: it must be an array')
  if (messages.length === 0) fields.refuse('messages', 'is empty: give at least one')
  const stream = fields.flag('stream') === true
  const { field, reasoning } = effortOf(fields)
  const { tools, toolChoice } = readTools(fields)
  const unnamed = new Set(
    fields.names.filter((name) => !NAMED.has(name) && name !== field && fields.get(name) !== undefined),
  )
  const read = messages.map((message) => readMessage(message, isSealing, unnamed))
  const native: NativeRequest = {
    dialect: DIALECT,
    text,
    body: object,
    headers: ownHeaders(headers),
    unnamed: [...unnamed],
  }
  const request: ChatRequest = {
    model: fields.name('model'),
    messages: read,
    ...(!stream && { stream }),
    ...defined({
      temperature: fields.number('temperature'),
      topP: fields.number('top_p'),
      topK: fields.whole('top_k', 1),
      maxTokens: fields.whole('max_completion_tokens', 1) ?? fields.whole('max_tokens', 1),
      stop: readStop(fields),
      seed: fields.whole('seed'),
      presencePenalty: fields.number('presence_penalty'),
      frequencyPenalty: fields.number('frequency_penalty'),
      tools,
      toolChoice,
      parallelToolCalls: fields.flag('parallel_tool_calls'),
      responseFormat: readResponseFormat(fields),
      reasoning,
      session: fields.text('prompt_cache_key'),
    }),
    native,
  }
  return { request, stream, includeUsage: fields.object('stream_options')?.flag('include_usage') === true }
}

/** Refuses fields that would give another answer than the client asked for. */
function refuseUnsupported(fields: Fields): void {
  if ((fields.whole('n', 1) ?? 1) > 1) fields.refuse('n', 'must be 1: a request gets one answer')
  for (const old of ['functions', 'function_call']) {
    if (fields.get(old) !== undefined) fields.refuse(old, 'is deprecated and not supported: use tools and tool_choice')
  }
}

/** Headers of the vendor's, but for those that name an account. */
function ownHeaders(headers: NonNullable<IncomingCall['headers']>): Record<string, string> {
  const own: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value !== undefined && name.startsWith('openai-') && !/organization|project/.test(name)) own[name] = value
  }
  return own
}

/** The effort, and the field that has it: OpenAI's own, or OpenRouter's object. One that is not known stays unnamed. */
function effortOf(fields: Fields): { field?: string; reasoning?: ReasoningEffort | undefined } {
  const given = fields.get('reasoning_effort') ?? fields.object('reasoning')?.get('effort')
  const reasoning = EFFORTS.find((known) => known === given)
  if (reasoning === undefined) return {}
  return { field: fields.get('reasoning_effort') === undefined ? 'reasoning' : 'reasoning_effort', reasoning }
}

function readStop(fields: Fields): string[] | undefined {
  const stop = fields.get('stop')
  if (typeof stop === 'string') return [stop]
  return fields.list('stop')?.map((word, index) => {
    return typeof word === 'string' ? word : fields.refuse(`stop[${index}]`, 'must be a string')
  })
}

function readTool(fields: Fields): Tool {
  const type = fields.get('type') ?? 'function'
  if (type === 'custom') {
    const custom = fields.object('custom') ?? fields.refuse('custom', 'is missing')
    const about = { type: 'text', name: custom.name('name') } as const
    return {
      ...about,
      ...defined({ description: custom.text('description'), grammar: grammarOf(custom) }),
      ...markOf(fields),
    }
  }
  // A tool of the endpoint's own, such as a web search.
  if (type !== 'function')
    return { type: 'native', dialect: DIALECT, value: { ...fields.all, type: fields.name('type') } }
  const named = fields.object('function') ?? fields.refuse('function', 'is missing')
  return {
    name: named.name('name'),
    ...defined({
      description: named.text('description'),
      parameters: named.record('parameters'),
      strict: named.flag('strict'),
    }),
    ...markOf(fields),
  }
}

function grammarOf(custom: Fields): { syntax: 'lark' | 'regex'; definition: string } | undefined {
  const format = custom.object('format')
  const type = format?.oneOf('type', ['text', 'grammar'])
  if (format === undefined || type !== 'grammar') return undefined
  const grammar = format.object('grammar') ?? format.refuse('grammar', 'is missing')
  const syntax = grammar.oneOf('syntax', ['lark', 'regex']) ?? grammar.refuse('syntax', 'is missing')
  return { syntax, definition: grammar.name('definition') }
}

/** The tools and the choice among them. A choice of some tools leaves out the others. */
function readTools(fields: Fields): { tools?: Tool[] | undefined; toolChoice?: ToolChoice | undefined } {
  const tools = fields.objects('tools')?.map(readTool)
  if (typeof fields.get('tool_choice') === 'string') {
    return { tools, toolChoice: fields.oneOf('tool_choice', ['auto', 'none', 'required'] as const) }
  }
  const choice = fields.object('tool_choice')
  if (choice === undefined) return { tools }
  const type = choice.oneOf('type', ['function', 'custom', 'allowed_tools']) ?? choice.refuse('type', 'is missing')
  const chosen = choice.object(type) ?? choice.refuse(type, 'is missing')
  if (type !== 'allowed_tools') return { tools, toolChoice: { name: chosen.name('name') } }
  const toolChoice = chosen.oneOf('mode', ['auto', 'required'] as const) ?? chosen.refuse('mode', 'is missing')
  const allowed = chosen.objects('tools') ?? chosen.refuse('tools', 'is missing')
  const names = allowed.map((tool) => {
    const kind = tool.oneOf('type', ['function', 'custom'] as const) ?? 'function'
    return (tool.object(kind) ?? tool.refuse(kind, 'is missing')).name('name')
  })
  return { tools: tools?.filter((tool) => tool.type !== 'native' && names.includes(tool.name)), toolChoice }
}

function readResponseFormat(fields: Fields): ResponseFormat | undefined {
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
