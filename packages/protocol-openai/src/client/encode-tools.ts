import { ChatError, type ChatRequest, type FunctionTool, type NativeTool, type TextTool } from '@rivulet/core'
import { objectSchema, textToolsAsFunctions } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { marked, type Sending, type Wire } from './encode-message.ts'
import { strictParameters } from './strict-schema.ts'

/**
 * The tools on the wire; `undefined` for none, because an empty list is refused.
 *
 * @throws ChatError `unsupported` for a native tool of another dialect.
 */
export function encodeTools({ tools = [] }: ChatRequest, to: Sending): Wire[] | undefined {
  if (tools.length === 0) return undefined
  const sent = to.quirks.customTools === true ? tools : textToolsAsFunctions(tools, to.dropped)
  return sent.map((tool) => encodeTool(tool, to))
}

function encodeTool(tool: FunctionTool | TextTool | NativeTool, to: Sending): Wire {
  if (tool.type === 'native') {
    if (tool.dialect === DIALECT) return tool.value
    throw new ChatError('unsupported', `this endpoint has no tools of the dialect ${tool.dialect}`)
  }
  const { name, description, cache } = tool
  if (tool.type === 'text') {
    const format = tool.grammar && { type: 'grammar', grammar: tool.grammar }
    return marked({ type: 'custom', custom: { name, description, format } }, cache, to)
  }
  const given = objectSchema(tool.parameters)
  const canHold = (to.quirks.schemas ?? 'strict') === 'strict'
  const held = tool.strict === true && canHold ? strictParameters(given, to.quirks.strictSchema) : given
  const isHeld = canHold && held !== undefined
  if (!isHeld && tool.strict !== undefined) to.dropped.add('strict')
  const parameters = held ?? given
  const strict = isHeld ? tool.strict : undefined
  return marked({ type: 'function', function: { name, description, parameters, strict } }, cache, to)
}

export function encodeToolChoice({ toolChoice, tools = [] }: ChatRequest, { quirks }: Sending): unknown {
  if (typeof toolChoice !== 'object') return toolChoice
  const { name } = toolChoice
  const isText = quirks.customTools === true && tools.some((tool) => tool.type === 'text' && tool.name === name)
  const type = isText ? 'custom' : 'function'
  return { type, [type]: { name } }
}
