import {
  anything,
  between,
  type Check,
  either,
  type Fields,
  flag,
  unionBy,
  listOf,
  mapOf,
  nullable,
  objectOf,
  oneOf,
  positive,
  record,
  recordIn,
  text,
  integer,
} from '../../fields.ts'
import { effort, serviceTier } from '../openai/fields.ts'

/**
 * The documented fields of `POST /v1/responses`.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/create (2026-11-20)
 */

const cached = {
  prompt_cache_breakpoint: nullable(objectOf({ mode: oneOf('explicit'), ttl: oneOf('30m', '12h') }, ['mode'])),
}
const detail = nullable(oneOf('auto', 'low', 'high', 'original'))
const inputs = {
  input_text: objectOf({ type: text, text, ...cached }, ['text']),
  input_image: objectOf({ type: text, image_url: nullable(text), file_id: nullable(text), detail, ...cached }),
  input_file: objectOf({
    type: text,
    file_data: nullable(text),
    file_id: nullable(text),
    file_url: nullable(text),
    filename: nullable(text),
    detail,
    ...cached,
  }),
}
const citation = unionBy('type', {
  url_citation: record,
  file_citation: record,
  container_file_citation: record,
  file_path: record,
})
const part = unionBy('type', {
  ...inputs,
  output_text: objectOf({ type: text, text, annotations: listOf(citation), logprobs: listOf(record) }, ['text']),
  refusal: objectOf({ type: text, refusal: text }, ['refusal']),
})

/** What a result of a tool may have. */
const output = either(listOf(unionBy('type', inputs)), text)

const known = { type: text, id: nullable(text), status: nullable(text) }
const message = objectOf(
  {
    ...known,
    role: oneOf('user', 'assistant', 'system', 'developer'),
    content: either(listOf(part), text),
    phase: nullable(oneOf('commentary', 'final_answer')),
  },
  ['role', 'content'],
)

const otherItems = unionBy('type', {
  function_call: objectOf(
    { ...known, call_id: text, name: text, arguments: text, namespace: text, caller: nullable(record), async: flag },
    ['call_id', 'name', 'arguments'],
  ),
  function_call_output: objectOf(
    { ...known, call_id: text, output, name: text, namespace: text, caller: nullable(record) },
    ['call_id', 'output'],
  ),
  custom_tool_call: objectOf(
    { ...known, call_id: text, name: text, input: text, namespace: text, caller: nullable(record), async: flag },
    ['call_id', 'name', 'input'],
  ),
  custom_tool_call_output: objectOf({ ...known, call_id: text, output, caller: nullable(record) }, [
    'call_id',
    'output',
  ]),
  reasoning: objectOf(
    {
      ...known,
      summary: listOf(objectOf({ type: oneOf('summary_text'), text }, ['text'])),
      content: nullable(listOf(record)),
      encrypted_content: nullable(text),
    },
    ['summary'],
  ),
})

/** Items of the vendor's own tools. Their fields are not checked. */
const HOSTED = (
  'web_search_call file_search_call code_interpreter_call computer_call computer_call_output image_generation_call ' +
  'mcp_call mcp_list_tools mcp_approval_request mcp_approval_response compaction compaction_trigger local_shell_call ' +
  'local_shell_call_output shell_call shell_call_output apply_patch_call apply_patch_call_output tool_search_call ' +
  'tool_search_output configuration_update program program_output item_reference'
).split(' ')

const functionTool = objectOf(
  {
    type: text,
    name: text,
    description: nullable(text),
    parameters: nullable(record),
    strict: nullable(flag),
    async: flag,
    defer_loading: flag,
    allowed_callers: nullable(listOf(text)),
    output_schema: nullable(record),
  },
  ['name'],
)

const customTool = objectOf(
  {
    type: text,
    name: text,
    description: text,
    format: unionBy('type', {
      text: objectOf({ type: text }),
      grammar: objectOf({ type: text, syntax: oneOf('lark', 'regex'), definition: text }, ['syntax', 'definition']),
    }),
    async: flag,
    defer_loading: flag,
    allowed_callers: nullable(listOf(text)),
  },
  ['name'],
)

const namespaceTool = objectOf(
  {
    type: text,
    name: text,
    description: text,
    tools: listOf(unionBy('type', { function: functionTool, custom: customTool }), { min: 1 }),
  },
  ['name', 'description', 'tools'],
)

/** The vendor's own tools, whose options are not checked. */
const hostedTool = oneOf(
  'web_search',
  'web_search_2025_08_26',
  'web_search_preview',
  'web_search_preview_2025_03_11',
  'file_search',
  'code_interpreter',
  'computer',
  'computer_use_preview',
  'image_generation',
  'mcp',
  'local_shell',
  'shell',
  'apply_patch',
  'tool_search',
  'programmatic_tool_calling',
)

const ownTools = { function: functionTool, custom: customTool, namespace: namespaceTool }
const tool: Check = (value, where, rules) => {
  const { type } = recordIn(value)
  if (typeof type === 'string' && type in ownTools) unionBy('type', ownTools)(value, where, rules)
  else hostedTool(type, `${where}.type`, rules)
}

const additionalTools = objectOf({ ...known, role: oneOf('developer'), tools: listOf(tool) }, ['role', 'tools'])

/** A message may omit its `type`. */
const item: Check = (value, where, rules) => {
  const { type = 'message' } = recordIn(value)
  if (HOSTED.some((one) => one === type)) return
  const check = type === 'message' ? message : type === 'additional_tools' ? additionalTools : otherItems
  check(value, where, rules)
}

const named = objectOf({ type: text, name: text }, ['name'])
const toolChoice: Check = (value, where, rules) => {
  const { type } = recordIn(value)
  if (type === 'function' || type === 'custom') named(value, where, rules)
  else either(oneOf('none', 'auto', 'required'), record)(value, where, rules)
}

const included = oneOf(
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
)

const format = unionBy('type', {
  text: objectOf({ type: text }),
  json_object: objectOf({ type: text }),
  json_schema: objectOf({ type: text, name: text, description: text, schema: record, strict: nullable(flag) }, [
    'name',
    'schema',
  ]),
})

export const fields: Fields = {
  // The simulator has no background mode: nothing is stored.
  background: nullable(oneOf(false)),
  // Not documented: the vendor's agent sends it (2026-11-28).
  client_metadata: nullable(record),
  context_management: nullable(listOf(record)),
  conversation: nullable(anything),
  include: nullable(listOf(included)),
  input: either(listOf(item, { min: 1 }), text),
  instructions: nullable(text),
  max_output_tokens: nullable(positive),
  max_tool_calls: nullable(positive),
  metadata: nullable(mapOf(text)),
  model: text,
  moderation: nullable(record),
  parallel_tool_calls: nullable(flag),
  previous_response_id: nullable(text),
  prompt: nullable(record),
  prompt_cache_key: nullable(text),
  prompt_cache_options: record,
  prompt_cache_retention: nullable(oneOf('in_memory', '24h')),
  reasoning: nullable(
    objectOf({
      effort,
      summary: nullable(oneOf('auto', 'concise', 'detailed')),
      mode: text,
      context: nullable(oneOf('auto', 'current_turn', 'all_turns')),
      generate_summary: nullable(oneOf('auto', 'concise', 'detailed')),
    }),
  ),
  safety_identifier: nullable(text),
  service_tier: serviceTier,
  store: nullable(flag),
  stream: nullable(flag),
  stream_options: nullable(objectOf({ include_obfuscation: flag })),
  temperature: nullable(between(0, 2)),
  text: objectOf({ format, verbosity: nullable(oneOf('low', 'medium', 'high')) }),
  tool_choice: toolChoice,
  tools: listOf(tool),
  top_logprobs: nullable(between(0, 20, integer)),
  top_p: nullable(between(0, 1)),
  truncation: nullable(oneOf('auto', 'disabled')),
  user: text,
}
