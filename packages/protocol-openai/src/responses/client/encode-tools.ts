import { ChatError, type ChatRequest, type Tool } from '@rivulet/core'
import { objectSchema } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import { Namespaces } from '../namespaces.ts'

type Wire = Record<string, unknown>

/** @throws ChatError `unsupported` for a tool of another provider's own. */
export function encodeTool(tool: Tool): Wire {
  if (tool.type === 'native') {
    if (tool.dialect === DIALECT) return tool.value
    throw new ChatError('unsupported', `this endpoint has no tools of ${tool.dialect}`)
  }
  const { name, description } = tool
  if (tool.type === 'text') {
    const { grammar } = tool
    return { type: 'custom', name, description, ...(grammar && { format: { type: 'grammar', ...grammar } }) }
  }
  return {
    type: 'function',
    name,
    description,
    parameters: objectSchema(tool.parameters),
    // The default here is true, which refuses a schema that is not in the strict form.
    strict: tool.strict ?? false,
  }
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
