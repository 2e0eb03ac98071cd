import {
  anything,
  between,
  either,
  type Fields,
  flag,
  unionBy,
  listOf,
  mapOf,
  nullable,
  number,
  objectOf,
  oneOf,
  positive,
  record,
  text,
  integer,
} from '../../fields.ts'

/**
 * The documented fields of `POST /v1/chat/completions`.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create (2026-11-20)
 */

const cached = { prompt_cache_breakpoint: nullable(record) }
const textPart = objectOf({ type: text, text, ...cached }, ['type', 'text'])
const texts = either(listOf(unionBy('type', { text: textPart })), text)

const userPart = unionBy('type', {
  text: textPart,
  image_url: objectOf(
    {
      type: text,
      image_url: objectOf({ url: text, detail: oneOf('auto', 'low', 'high', 'original') }, ['url']),
      ...cached,
    },
    ['image_url'],
  ),
  input_audio: objectOf({ type: text, input_audio: objectOf({ data: text, format: oneOf('wav', 'mp3') }), ...cached }),
  file: objectOf({ type: text, file: objectOf({ file_data: text, file_id: text, filename: text }), ...cached }, [
    'file',
  ]),
})

const call = unionBy('type', {
  function: objectOf(
    { id: text, type: text, function: objectOf({ name: text, arguments: text }, ['name', 'arguments']) },
    ['id', 'function'],
  ),
  custom: objectOf({ id: text, type: text, custom: objectOf({ name: text, input: text }, ['name', 'input']) }, [
    'id',
    'custom',
  ]),
})

const instruction = objectOf({ role: text, content: texts, name: text }, ['content'])

const message = unionBy('role', {
  system: instruction,
  developer: instruction,
  user: objectOf({ role: text, content: either(listOf(userPart, { min: 1 }), text), name: text }, ['content']),
  assistant: objectOf({
    role: text,
    content: nullable(
      either(
        listOf(unionBy('type', { text: textPart, refusal: objectOf({ type: text, refusal: text }, ['refusal']) })),
        text,
      ),
    ),
    name: text,
    refusal: nullable(text),
    audio: nullable(objectOf({ id: text }, ['id'])),
    tool_calls: listOf(call, { min: 1 }),
    function_call: nullable(record),
    annotations: anything,
    reasoning_content: nullable(text),
  }),
  tool: objectOf({ role: text, content: texts, tool_call_id: text }, ['content', 'tool_call_id']),
})

export const effort = nullable(oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'))
export const serviceTier = nullable(oneOf('auto', 'default', 'flex', 'scale', 'priority', 'fast'))

const functionTool = objectOf({ name: text, description: nullable(text), parameters: record, strict: nullable(flag) }, [
  'name',
])
const grammar = objectOf({ syntax: oneOf('lark', 'regex'), definition: text }, ['syntax', 'definition'])
const customTool = objectOf(
  {
    name: text,
    description: text,
    format: unionBy('type', {
      text: objectOf({ type: text }),
      grammar: objectOf({ type: text, grammar }, ['grammar']),
    }),
  },
  ['name'],
)
const tool = unionBy('type', {
  function: objectOf({ type: text, function: functionTool }, ['function']),
  custom: objectOf({ type: text, custom: customTool }, ['custom']),
})

const name = objectOf({ name: text }, ['name'])
const namedFunction = objectOf({ type: text, function: name }, ['function'])
const namedCustom = objectOf({ type: text, custom: name }, ['custom'])
const allowed = objectOf({ mode: oneOf('auto', 'required'), tools: listOf(record, { min: 1 }) }, ['mode', 'tools'])
const toolChoice = either(
  oneOf('none', 'auto', 'required'),
  unionBy('type', {
    function: namedFunction,
    custom: namedCustom,
    allowed_tools: objectOf({ type: text, allowed_tools: allowed }, ['allowed_tools']),
  }),
)

const format = unionBy('type', {
  text: objectOf({ type: text }),
  json_object: objectOf({ type: text }),
  json_schema: objectOf(
    {
      type: text,
      json_schema: objectOf({ name: text, description: text, schema: record, strict: nullable(flag) }, ['name']),
    },
    ['json_schema'],
  ),
})

export const fields: Fields = {
  messages: listOf(message, { min: 1 }),
  model: text,
  audio: nullable(record),
  frequency_penalty: nullable(between(-2, 2)),
  function_call: anything,
  functions: listOf(record),
  logit_bias: nullable(mapOf(number)),
  logprobs: nullable(flag),
  max_completion_tokens: nullable(positive),
  max_tokens: nullable(positive),
  metadata: nullable(mapOf(text)),
  modalities: nullable(listOf(oneOf('text', 'audio'))),
  moderation: nullable(record),
  // Answers are deterministic, so a second choice would equal the first.
  n: nullable(between(1, 1, integer)),
  parallel_tool_calls: flag,
  prediction: nullable(record),
  presence_penalty: nullable(between(-2, 2)),
  prompt_cache_key: nullable(text),
  prompt_cache_options: record,
  prompt_cache_retention: nullable(oneOf('in_memory', '24h')),
  reasoning_effort: effort,
  response_format: format,
  safety_identifier: nullable(text),
  seed: nullable(integer),
  service_tier: serviceTier,
  stop: nullable(either(listOf(text, { max: 4 }), text)),
  store: nullable(flag),
  stream: nullable(flag),
  stream_options: nullable(objectOf({ include_usage: flag, include_obfuscation: flag })),
  temperature: nullable(between(0, 2)),
  tool_choice: toolChoice,
  tools: listOf(tool),
  top_logprobs: nullable(between(0, 20, integer)),
  top_p: nullable(between(0, 1)),
  user: text,
  verbosity: nullable(oneOf('low', 'medium', 'high')),
  web_search_options: record,
}
