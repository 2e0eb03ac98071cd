import type { Tool, ToolChoice } from '@rivulet/core'
import { defined, type Fields } from '@rivulet/core/provider'
import { DIALECT } from '../dialect.ts'
import type { Namespaces } from '../namespaces.ts'

/** An item of the input that makes tools available: Codex gives all of its tools so (2026-11-28). */
export const ADDITIONAL_TOOLS = 'additional_tools'

/**
 * The tools of a request, and those in items of its input. Those in a namespace get joined names; those of the vendor's own stay
 * as they are.
 */
export function readTools(fields: Fields, namespaces: Namespaces): Tool[] | undefined {
  const items = Array.isArray(fields.get('input')) ? (fields.objects('input') ?? []) : []
  const additional = items.filter((item) => item.get('type') === ADDITIONAL_TOOLS)
  const lists = [fields, ...additional].flatMap((list) => readList(list, namespaces) ?? [])
  // Other dialects refuse two of one name: an item that gives a tool again replaces it.
  const tools = new Map(lists.map((tool) => [tool.type === 'native' ? tool : tool.name, tool]))
  return lists.length > 0 ? [...tools.values()] : fields.objects('tools') && []
}

function readList(fields: Fields, namespaces: Namespaces): Tool[] | undefined {
  return fields.objects('tools')?.flatMap((tool) => {
    const type = tool.text('type') ?? tool.refuse('type', "is missing: it must be 'function', 'custom' or another type")
    if (type !== 'namespace') return [readTool(tool, type)]
    const namespace = tool.name('name')
    const members = tool.objects('tools') ?? tool.refuse('tools', 'is missing: it must be an array')
    return members.map((member, index): Tool => {
      const kind = member.oneOf('type', ['function', 'custom']) ?? 'function'
      const read = readTool(member, kind)
      if (read.type === 'native') return read
      // What is said of the namespace has its place before its first tool.
      const about = index === 0 ? [tool.text('description'), read.description] : [read.description]
      const description = about.filter((text) => text !== undefined && text !== '').join('\n\n')
      return { ...read, name: namespaces.add(namespace, read.name), ...(description !== '' && { description }) }
    })
  })
}

function readTool(tool: Fields, type: string): Tool {
  const about = { description: tool.text('description') }
  switch (type) {
    case 'function':
      return {
        name: tool.name('name'),
        ...defined({ ...about, parameters: tool.record('parameters') }),
        // False is what other dialects mean by no word about it.
        ...(tool.flag('strict') === true && { strict: true }),
      }
    case 'custom':
      return { type: 'text', name: tool.name('name'), ...defined({ ...about, grammar: readGrammar(tool) }) }
    default:
      return { type: 'native', dialect: DIALECT, value: tool.all }
  }
}

function readGrammar(tool: Fields): { syntax: 'lark' | 'regex'; definition: string } | undefined {
  const format = tool.object('format')
  if (format?.oneOf('type', ['text', 'grammar']) !== 'grammar') return undefined
  const syntax = format.oneOf('syntax', ['lark', 'regex']) ?? format.refuse('syntax', "must be 'lark' or 'regex'")
  return { syntax, definition: format.name('definition') }
}

/** What a choice of tools asks for. */
interface ReadChoice {
  toolChoice?: ToolChoice | undefined
  /** The tools that may be called, by name, of those that are given. */
  allowed?: readonly string[] | undefined
  /** A choice that only this dialect has a word for. */
  native?: unknown
}

export function readToolChoice(fields: Fields, namespaces: Namespaces): ReadChoice {
  if (typeof fields.get('tool_choice') === 'string') {
    return { toolChoice: fields.oneOf('tool_choice', ['auto', 'none', 'required'] as const) }
  }
  const choice = fields.object('tool_choice')
  if (choice === undefined) return {}
  const type = choice.text('type') ?? choice.refuse('type', 'is missing')
  switch (type) {
    case 'function':
    case 'custom':
      return { toolChoice: { name: namespaces.find(choice.name('name')) } }
    case 'allowed_tools': {
      const tools = choice.objects('tools') ?? []
      // The vendor's own tools have no names.
      if (tools.some((tool) => tool.get('name') === undefined)) return { native: choice.all }
      const mode = choice.oneOf('mode', ['auto', 'required'] as const)
      return { toolChoice: mode, allowed: tools.map((tool) => namespaces.find(tool.name('name'))) }
    }
    default:
      return { native: choice.all }
  }
}
