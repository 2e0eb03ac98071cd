import type { ResponseFormat, Tool, ToolChoice } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { cacheOf, refused } from './read-blocks.ts'

/** Fields of a tool that have a counterpart. */
const NAMED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'type',
  'name',
  'description',
  'input_schema',
  'strict',
  'cache_control',
])

/** @param unnamed Gets the names of fields that have no counterpart. */
export function readTools(tools: unknown, unnamed: Set<string>): Tool[] {
  if (!Array.isArray(tools)) throw refused('tools', 'must be an array')
  return tools.map((tool: unknown, index) => {
    const at = `tools.${index}`
    if (!isRecord(tool)) throw refused(at, 'must be a tool with name, description and input_schema')
    const { type, name, description, input_schema: parameters, strict } = tool
    // A tool of the vendor's own has a type of its own; only this dialect has a word for it.
    if (typeof type === 'string' && type !== 'custom') return { type: 'native', dialect: DIALECT, value: tool }
    if (typeof name !== 'string' || name === '') throw refused(`${at}.name`, 'must be a string that is not empty')
    if (!isRecord(parameters)) throw refused(`${at}.input_schema`, 'must be a JSON Schema, an object')
    for (const field of Object.keys(tool)) if (!NAMED.has(field)) unnamed.add(`tools.${field}`)
    return {
      name,
      ...(typeof description === 'string' && { description }),
      parameters,
      ...(typeof strict === 'boolean' && { strict }),
      ...cacheOf(tool),
    }
  })
}

export function readToolChoice(choice: unknown): {
  toolChoice?: ToolChoice
  parallelToolCalls?: boolean
} {
  if (choice === undefined || choice === null) return {}
  const toolChoice = isRecord(choice) ? readChoice(choice) : undefined
  if (!isRecord(choice) || toolChoice === undefined) {
    throw refused('tool_choice', 'must be of type auto, any, none, or tool with a name')
  }
  const { disable_parallel_tool_use: isSerial } = choice
  return { toolChoice, ...(typeof isSerial === 'boolean' && { parallelToolCalls: !isSerial }) }
}

function readChoice({ type, name }: Readonly<Record<string, unknown>>): ToolChoice | undefined {
  if (type === 'auto' || type === 'none') return type
  if (type === 'any') return 'required'
  return type === 'tool' && typeof name === 'string' ? { name } : undefined
}

export function readFormat(format: unknown): ResponseFormat | undefined {
  if (format === undefined || format === null) return undefined
  if (isRecord(format) && format.type === 'json_schema' && isRecord(format.schema)) {
    return { name: 'response', schema: format.schema }
  }
  throw refused('output_config.format', 'must be of type json_schema, with a schema')
}
