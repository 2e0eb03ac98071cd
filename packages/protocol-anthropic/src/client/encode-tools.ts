import { ChatError, type ChatRequest, type FunctionTool, type NativeTool, type ResponseFormat } from '@rivulet/core'
import {
  adaptSchema,
  ANTHROPIC_STRICT,
  type Dropped,
  objectSchema,
  schemaNote,
  textToolsAsFunctions,
} from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { MessagesModel } from '../thinking-styles.ts'
import { mark } from './cache-marks.ts'

type WireTool = Record<string, unknown>

/** @throws ChatError `unsupported` for a tool of another dialect, and for a strict schema that the API does not hold a call to. */
export const encodeTools = (tools: ChatRequest['tools'], dropped: Dropped): WireTool[] =>
  textToolsAsFunctions(tools, dropped).map((tool) => (tool.type === 'native' ? nativeTool(tool) : encodeFunction(tool)))

function nativeTool({ dialect, value }: NativeTool): WireTool {
  if (dialect === DIALECT) return { ...value }
  throw new ChatError('unsupported', `a tool of ${dialect} has no word here: give a function, or a tool of ${DIALECT}`)
}

function encodeFunction({ name, description, parameters, strict, cache }: FunctionTool): WireTool {
  const schema = objectSchema(parameters)
  const tool = {
    name,
    description,
    input_schema: strict === true ? strictSchema(`tool '${name}'`, schema) : schema,
    strict,
  }
  mark(tool, cache)
  return tool
}

/** @throws ChatError `unsupported` for a choice that forces a tool on a model that can't be forced. */
export function encodeToolChoice(request: ChatRequest, model: Omit<MessagesModel, 'id'>): unknown {
  const { toolChoice: choice, parallelToolCalls: parallel } = request
  if (choice === 'none') return { type: 'none' }
  if (choice === undefined && parallel === undefined) return undefined
  const isForced = choice === 'required' || typeof choice === 'object'
  if (isForced && model.forcedTools === false) {
    throw new ChatError('unsupported', `${request.model} can't be forced to call a tool: leave toolChoice out`)
  }
  const type = typeof choice === 'object' ? { type: 'tool', name: choice.name } : { type: isForced ? 'any' : 'auto' }
  return { ...type, ...(parallel !== undefined && { disable_parallel_tool_use: !parallel }) }
}

/** @throws ChatError `unsupported` for a strict schema that the API does not hold an answer to. */
export function encodeFormat(format: ResponseFormat | undefined, dropped: Dropped): unknown {
  if (typeof format !== 'object') return undefined
  const { strict = true } = format
  if (strict === true) return { type: 'json_schema', schema: strictSchema('the answer', format.schema) }
  const adapted = adaptSchema(format.schema, ANTHROPIC_STRICT)
  // Of an object with names of its own choice, nothing but an empty one would be left.
  if (adapted.dropped.includes('additionalProperties')) strictSchema('the answer', format.schema)
  const note = schemaNote(adapted.dropped)
  if (note !== undefined) dropped.add(note)
  return { type: 'json_schema', schema: adapted.schema }
}

function strictSchema(what: string, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { schema, dropped } = adaptSchema(given, ANTHROPIC_STRICT)
  if (dropped.length === 0) return schema
  const names = dropped.join(', ')
  throw new ChatError(
    'unsupported',
    `the strict schema of ${what} has keywords that can't be held to: ${names}. Leave them out${names.includes('additionalProperties') ? '' : ', or set strict: false'}`,
  )
}
