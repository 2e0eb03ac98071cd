import type { ChatRequest, NativeRequest, ReasoningEffort, ResponseFormat, Tool } from '@rivulet/core'
import { defined, Fields, type IncomingCall } from '@rivulet/core/provider'
import { readBody } from '../../server/body.ts'
import { DIALECT } from '../dialect.ts'
import { Namespaces } from '../namespaces.ts'
import { readInput } from './read-input.ts'
import { readToolChoice, readTools } from './read-tools.ts'

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const satisfies ReasoningEffort[]

/** Body fields that a request has a field for, or whose meaning every answer of ours has. */
const NAMED: readonly string[] = [
  'model',
  'input',
  'instructions',
  'stream',
  'temperature',
  'top_p',
  'max_output_tokens',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'text',
  'reasoning',
  'prompt_cache_key',
  'background',
  'conversation',
  'previous_response_id',
]

/** Values that ask for what happens in any case. */
const USUAL: ReadonlyMap<string, (value: unknown) => boolean> = /* @__PURE__ */ new Map([
  ['store', (value: unknown) => value === false],
  ['truncation', (value: unknown) => value === 'disabled'],
  [
    'include',
    (value: unknown) => Array.isArray(value) && value.every((each) => each === 'reasoning.encrypted_content'),
  ],
])

interface ReadRequest {
  request: ChatRequest
  body: Record<string, unknown>
  namespaces: Namespaces
}

/**
 * Reads a request of the Responses dialect. Strict where a mistake would give a wrong answer, otherwise as lenient as the
 * dialect: null counts as absent, and fields and items without a word of ours stay native.
 *
 * @param seal The server seals: only a seal of its own says whose reasoning it is.
 * @throws TypeError that names the field.
 */
export function readRequest(call: IncomingCall, seal: boolean): ReadRequest {
  const { text, object: body } = readBody(call.body)
  const fields = new Fields(body, '')
  refuseState(fields)
  const namespaces = new Namespaces()
  const given = readTools(fields, namespaces)
  const { toolChoice, allowed, native: nativeChoice } = readToolChoice(fields, namespaces)
  const reasoning = fields.object('reasoning')
  const native: NativeRequest = { dialect: DIALECT, text, body, headers: ownHeaders(call), unnamed: unnamedIn(fields) }
  const request: ChatRequest = {
    model: fields.name('model'),
    messages: readInput(fields, seal),
    ...(fields.flag('stream') !== true && { stream: false }),
    ...defined({
      temperature: fields.number('temperature'),
      topP: fields.number('top_p'),
      maxTokens: fields.whole('max_output_tokens', 1),
      tools: allowed === undefined ? given : given?.filter((tool) => isAllowed(tool, allowed)),
      toolChoice,
      parallelToolCalls: fields.flag('parallel_tool_calls'),
      responseFormat: readFormat(fields.object('text')?.object('format')),
      reasoning: reasoning?.oneOf('effort', EFFORTS),
      session: fields.text('prompt_cache_key'),
    }),
    ...(nativeChoice !== undefined && { extra: { [DIALECT]: { tool_choice: nativeChoice } } }),
    native,
  }
  return { request, body, namespaces }
}

/** Refuses what would need an earlier response or a later request. */
function refuseState(fields: Fields): void {
  if (fields.get('previous_response_id') !== undefined) {
    fields.refuse('previous_response_id', 'names an earlier response: none is stored here, so send the whole input')
  }
  if (fields.get('conversation') !== undefined) {
    fields.refuse('conversation', 'names a stored conversation: none is stored here, so send the whole input')
  }
  if (fields.flag('background') === true) {
    fields.refuse('background', 'must be false: an answer is given to the request that asks for it, so use stream')
  }
  if (fields.get('prompt') !== undefined) {
    fields.refuse('prompt', 'names a stored prompt: none is stored here, so send it as instructions and input')
  }
}

const isAllowed = (tool: Tool, allowed: readonly string[]): boolean =>
  tool.type !== 'native' && allowed.includes(tool.name)

function readFormat(format: Fields | undefined): ResponseFormat | undefined {
  const type = format?.oneOf('type', ['text', 'json_object', 'json_schema'])
  if (format === undefined || type === undefined || type === 'text') return undefined
  if (type === 'json_object') return 'json'
  const schema = format.record('schema') ?? format.refuse('schema', 'is missing: it must be an object')
  // Absent means that the schema is a hint.
  const strict = format.flag('strict') ?? false
  return { name: format.name('name'), schema, ...(!strict && { strict }) }
}

/** The fields without a field of ours; of those that have one, the members without. */
function unnamedIn(fields: Fields): string[] {
  const own = fields.names.filter((name) => {
    const value = fields.get(name)
    return value !== undefined && !NAMED.includes(name) && USUAL.get(name)?.(value) !== true
  })
  const inside = [
    ['text', 'verbosity'],
    ['reasoning', 'mode'],
    ['reasoning', 'context'],
  ] as const
  return [
    ...own,
    ...inside.flatMap(([name, member]) =>
      fields.object(name)?.get(member) === undefined ? [] : [`${name}.${member}`],
    ),
  ]
}

/** The vendor's headers, but for those that name an account. */
function ownHeaders({ headers = {} }: IncomingCall): Record<string, string> {
  const own = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value !== undefined && name.startsWith('openai-') && !/organization|-project$/.test(name) ? [[name, value]] : [],
  )
  return Object.fromEntries(own)
}
