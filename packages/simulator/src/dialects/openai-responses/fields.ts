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

const part = unionBy('type', {
  input_text: objectOf({ type: text, text }, ['text']),
  input_image: objectOf({ type: text, image_url: nullable(text), file_id: nullable(text), detail: text }),
  input_file: objectOf({ type: text, file_data: text, file_id: nullable(text), file_url: text, filename: text }),
  output_text: objectOf({ type: text, text, annotations: listOf(record), logprobs: listOf(record) }, ['text']),
  refusal: objectOf({ type: text, refusal: text }, ['refusal']),
})

const known = { type: text, id: nullable(text), status: nullable(text) }
const message = objectOf(
  {
    ...known,
    role: oneOf('user', 'assistant', 'system', 'developer'),
    content: either(listOf(part), text),
    phase: nullable(text),
  },
  ['role', 'content'],
)

const otherItems = unionBy('type', {
  function_call: objectOf(
    { ...known, call_id: text, name: text, arguments: text, namespace: text, caller: nullable(record), async: flag },
    ['call_id', 'name', 'arguments'],
  ),
  function_call_output: objectOf(
    { ...known, call_id: text, output: either(listOf(part), text), name: text, caller: nullable(record) },
    ['call_id', 'output'],
  ),
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

/** A message may omit its `type`. */
const item: Check = (value, where, rules) => {
  const { type = 'message' } = recordIn(value)
  const check = type === 'message' ? message : otherItems
  check(value, where, rules)
}

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

/** Only function tools are checked; the vendor's built-in tools have their own options. */
const tool: Check = (value, where, rules) => {
  const { type } = recordIn(value)
  text(type, `${where}.type`, rules)
  if (type === 'function') functionTool(value, where, rules)
}

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
  context_management: nullable(listOf(record)),
  conversation: nullable(anything),
  include: nullable(listOf(text)),
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
  tool_choice: either(oneOf('none', 'auto', 'required'), record),
  tools: listOf(tool),
  top_logprobs: nullable(between(0, 20, integer)),
  top_p: nullable(between(0, 1)),
  truncation: nullable(oneOf('auto', 'disabled')),
  user: text,
}
