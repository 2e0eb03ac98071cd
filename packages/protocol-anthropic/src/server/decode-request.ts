import { ChatError, type ChatRequest, type ResponseFormat, type Tool, type ToolChoice } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { JSON_INSTRUCTION } from '../json-instruction.ts'
import { decodeMessages, decodeSystem } from './decode-messages.ts'
import { decodeThinking } from './thinking.ts'

/** Body fields that map to a request field; all others go into `extra`. */
const NAMED = new Set([
  'model',
  'max_tokens',
  'system',
  'messages',
  'stream',
  'temperature',
  'top_p',
  'stop_sequences',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
])

/**
 * Reads a Messages body as a request, server half. Fields without a counterpart are kept in `extra`. As in the API, the
 * answer is one document unless the body says `stream: true`.
 *
 * @param body Parsed JSON.
 * @throws ChatError `bad-request`, which names the field, for a body that the API would refuse.
 */
export function decodeRequest(body: unknown): ChatRequest {
  if (!isRecord(body)) throw refused('the body must be a JSON object')
  const { model, max_tokens: maxTokens, temperature, top_p: topP, stop_sequences: stop } = body
  if (typeof model !== 'string' || model === '') throw refused('model: a string is required')
  if (!Number.isInteger(maxTokens) || Number(maxTokens) < 1)
    throw refused('max_tokens: a whole number above 0 is required')
  if (!Array.isArray(body.messages) || body.messages.length === 0) throw refused('messages: at least one is required')
  const format = isRecord(body.output_config) ? body.output_config.format : undefined
  const effort = isRecord(body.output_config) ? body.output_config.effort : undefined
  const system = decodeSystem(body.system)
  const wantsJson = system.at(-1)?.content === JSON_INSTRUCTION
  const reasoning = decodeThinking(body.thinking, effort)
  const toolChoice = decodeToolChoice(body.tool_choice)
  const responseFormat = wantsJson ? 'json' : decodeFormat(format)
  const extra = Object.fromEntries(Object.entries(body).filter(([name]) => !NAMED.has(name)))
  return {
    model,
    messages: [...(wantsJson ? system.slice(0, -1) : system), ...decodeMessages(body.messages)],
    stream: body.stream === true,
    maxTokens: Number(maxTokens),
    ...(temperature !== undefined && { temperature: number('temperature', temperature) }),
    ...(topP !== undefined && { topP: number('top_p', topP) }),
    ...(stop !== undefined && { stop: strings('stop_sequences', stop) }),
    ...(body.tools !== undefined && { tools: decodeTools(body.tools) }),
    ...(toolChoice !== undefined && { toolChoice }),
    ...(responseFormat !== undefined && { responseFormat }),
    ...(reasoning !== undefined && { reasoning }),
    ...(Object.keys(extra).length > 0 && { extra }),
  }
}

function decodeTools(tools: unknown): Tool[] {
  if (!Array.isArray(tools)) throw refused('tools: must be an array')
  return tools.map((tool: unknown, index) => {
    if (!isRecord(tool) || typeof tool.name !== 'string') throw refused(`tools.${index}.name: a string is required`)
    // The vendor's server tools have a type and no schema: only its own server can run them.
    if (!isRecord(tool.input_schema)) throw refused(`tools.${index}.input_schema: a JSON Schema is required`)
    const { name, description, input_schema: parameters } = tool
    return { name, ...(typeof description === 'string' && { description }), parameters }
  })
}

function decodeToolChoice(choice: unknown): ToolChoice | undefined {
  if (!isRecord(choice)) return undefined
  switch (choice.type) {
    case 'auto':
    case 'none':
      return choice.type
    case 'any':
      return 'required'
    case 'tool':
      if (typeof choice.name === 'string') return { name: choice.name }
  }
  throw refused('tool_choice: must be of type auto, any, tool or none')
}

function decodeFormat(format: unknown): ResponseFormat | undefined {
  if (!isRecord(format)) return undefined
  if (format.type === 'json_schema' && isRecord(format.schema)) return { name: 'response', schema: format.schema }
  throw refused('output_config.format: must be of type json_schema, with a schema')
}

function number(name: string, value: unknown): number {
  if (typeof value !== 'number') throw refused(`${name}: must be a number`)
  return value
}

function strings(name: string, value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw refused(`${name}: must be an array of strings`)
  }
  return value
}

const refused = (what: string): ChatError => new ChatError('bad-request', what)
