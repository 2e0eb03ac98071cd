import { ChatError, type ChatRequest, type Tool } from '@rivulet/core'
import { type Dropped, objectSchema } from '@rivulet/core/provider'
import { type StrictSchema, strictParameters } from '../../client/strict-schema.ts'
import { DIALECT } from '../dialect.ts'
import { Namespaces } from '../namespaces.ts'

type Wire = Record<string, unknown>

/** @throws ChatError `unsupported` for a tool of another provider's own. */
export function encodeTool(tool: Tool, adapt: StrictSchema, dropped: Dropped): Wire {
  if (tool.type === 'native') {
    if (tool.dialect === DIALECT) return tool.value
    throw new ChatError('unsupported', `this endpoint has no tools of ${tool.dialect}`)
  }
  const { name, description } = tool
  if (tool.type === 'text') {
    const { grammar } = tool
    return { type: 'custom', name, description, ...(grammar && { format: { type: 'grammar', ...grammar } }) }
  }
  const given = objectSchema(tool.parameters)
  const held = tool.strict === true ? strictParameters(given, adapt) : undefined
  if (tool.strict === true && held === undefined) dropped.add('strict')
  // The default here is true, which refuses a schema that is not in the strict form.
  return { type: 'function', name, description, parameters: held ?? given, strict: held !== undefined }
}

export function encodeToolChoice({ toolChoice: choice, tools = [] }: ChatRequest): unknown {
  if (typeof choice !== 'object') return choice
  const isText = tools.some((tool) => tool.type === 'text' && tool.name === choice.name)
  return { type: isText ? 'custom' : 'function', name: namespacesOf(tools).split(choice.name).name }
}

/** The tools in the namespaces of a request: a namespace is a tool of this dialect alone. */
export function namespacesOf(tools: readonly Tool[] = []): Namespaces {
  const namespaces = new Namespaces()
  for (const tool of tools) {
    if (tool.type !== 'native' || tool.dialect !== DIALECT || tool.value.type !== 'namespace') continue
    const { name: namespace, tools: members } = tool.value
    if (typeof namespace !== 'string' || !Array.isArray(members)) continue
    for (const { name } of members as { name?: unknown }[]) {
      if (typeof name === 'string') namespaces.add(namespace, name)
    }
  }
  return namespaces
}
