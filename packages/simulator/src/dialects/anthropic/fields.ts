import {
  anything,
  between,
  type Check,
  either,
  type Fields,
  flag,
  unionBy,
  listOf,
  nullable,
  objectOf,
  oneOf,
  positive,
  record,
  recordIn,
  text,
  integer,
} from '../../fields.ts'

/**
 * The documented fields of `POST /v1/messages`.
 *
 * @see https://platform.claude.com/docs/en/api/messages (2026-11-20)
 */

const cacheControl = nullable(objectOf({ type: oneOf('ephemeral'), ttl: oneOf('5m', '1h') }, ['type']))
const cacheable = { type: text, cache_control: cacheControl }
const textBlock = objectOf({ ...cacheable, text, citations: nullable(listOf(record)) }, ['text'])

const source = unionBy('type', {
  base64: objectOf({ type: text, media_type: text, data: text }, ['media_type', 'data']),
  url: objectOf({ type: text, url: text }, ['url']),
  text: objectOf({ type: text, media_type: oneOf('text/plain'), data: text }, ['media_type', 'data']),
  content: objectOf({ type: text, content: anything }, ['content']),
  file: objectOf({ type: text, file_id: text }, ['file_id']),
})
const image = objectOf({ ...cacheable, source, transformations: nullable(record) }, ['source'])
const document = objectOf(
  { ...cacheable, source, citations: nullable(record), context: nullable(text), title: nullable(text) },
  ['source'],
)

const searchResult = objectOf(
  { ...cacheable, source: text, title: text, content: listOf(textBlock), citations: nullable(record) },
  ['source', 'title', 'content'],
)
const reference = objectOf({ ...cacheable, tool_name: text }, ['tool_name'])
/** The vendor's own tools, whose results are in the answer itself. */
const OWN_TOOLS = [
  'web_search',
  'web_fetch',
  'code_execution',
  'bash_code_execution',
  'text_editor_code_execution',
  'tool_search',
]
const ownResult = objectOf({ ...cacheable, tool_use_id: text, content: anything, caller: record }, [
  'tool_use_id',
  'content',
])

const blocks: Readonly<Record<string, Check>> = {
  text: textBlock,
  image,
  document,
  thinking: objectOf({ type: text, thinking: text, signature: text }, ['thinking', 'signature']),
  redacted_thinking: objectOf({ type: text, data: text }, ['data']),
  tool_use: objectOf(
    { ...cacheable, id: text, name: text, input: record, caller: record, toolset_name: nullable(text) },
    ['id', 'name', 'input'],
  ),
  tool_result: objectOf(
    {
      ...cacheable,
      tool_use_id: text,
      content: either(
        listOf(
          unionBy('type', { text: textBlock, image, document, search_result: searchResult, tool_reference: reference }),
        ),
        text,
      ),
      is_error: flag,
      toolset_name: nullable(text),
    },
    ['tool_use_id'],
  ),
  search_result: searchResult,
  tool_reference: reference,
  server_tool_use: objectOf({ ...cacheable, id: text, name: text, input: record, caller: record }, [
    'id',
    'name',
    'input',
  ]),
  ...Object.fromEntries(OWN_TOOLS.map((tool) => [`${tool}_tool_result`, ownResult])),
  container_upload: objectOf({ ...cacheable, file_id: text }, ['file_id']),
}

const content = either(listOf(unionBy('type', blocks), { min: 1 }), text)

const customTool = objectOf(
  {
    ...cacheable,
    type: nullable(oneOf('custom')),
    name: text,
    description: text,
    input_schema: record,
    strict: flag,
    eager_input_streaming: nullable(flag),
    defer_loading: flag,
    allowed_callers: listOf(text),
    input_examples: listOf(record),
  },
  ['name', 'input_schema'],
)

/** The vendor's own tools have types and options of their own, which are not checked. */
const tool: Check = (value, where, rules) => {
  const { type } = recordIn(value)
  if (typeof type !== 'string' || type === 'custom') customTool(value, where, rules)
}

const effort = nullable(oneOf('low', 'medium', 'high', 'xhigh', 'max'))
const display = nullable(oneOf('summarized', 'omitted'))
const parallel = { type: text, disable_parallel_tool_use: flag }

export const fields: Fields = {
  max_tokens: positive,
  messages: listOf(
    unionBy('role', {
      user: objectOf({ role: text, content }, ['content']),
      assistant: objectOf({ role: text, content }, ['content']),
      // The effort from there on: beta mid-conversation-output-config-2026-07-01.
      system: objectOf(
        {
          role: text,
          content: either(listOf(unionBy('type', { text: textBlock })), text),
          output_config: nullable(objectOf({ effort })),
        },
        ['content'],
      ),
    }),
    { min: 1 },
  ),
  model: text,
  cache_control: cacheControl,
  container: nullable(anything),
  context_management: nullable(record),
  diagnostics: nullable(record),
  inference_geo: nullable(text),
  mcp_servers: listOf(record),
  metadata: objectOf({ user_id: nullable(text) }),
  output_config: objectOf({
    effort,
    format: nullable(objectOf({ type: oneOf('json_schema'), schema: record }, ['type', 'schema'])),
  }),
  service_tier: oneOf('auto', 'standard_only'),
  speed: nullable(oneOf('standard', 'fast')),
  stop_sequences: listOf(text),
  stream: flag,
  system: either(listOf(objectOf({ ...cacheable, text, citations: nullable(listOf(record)) }, ['text'])), text),
  temperature: between(0, 1),
  thinking: unionBy('type', {
    adaptive: objectOf({ type: text, display }),
    enabled: objectOf({ type: text, budget_tokens: between(1024, Infinity, integer), display }, ['budget_tokens']),
    disabled: objectOf({ type: text }),
    between_tools: objectOf({ type: text, display }),
  }),
  tool_choice: unionBy('type', {
    auto: objectOf(parallel),
    any: objectOf(parallel),
    tool: objectOf({ ...parallel, name: text }, ['name']),
    none: objectOf({ type: text }),
  }),
  tools: listOf(tool),
  top_k: between(0, Infinity, integer),
  top_p: between(0, 1),
  user_profile_id: text,
  workspace_id: text,
}
