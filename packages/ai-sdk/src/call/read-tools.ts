import type { LanguageModelV4CallOptions, LanguageModelV4ProviderTool, SharedV4Warning } from '@ai-sdk/provider'
import type { Provider, TextTool, Tool } from '@rivulet/core'
import { extraKeys, isRecord } from '@rivulet/core/provider'
import { DIALECT } from '../native.ts'
import { cacheOf } from './read-options.ts'

interface ReadTools {
  tools: Tool[]
  /** Names of the tools whose input is a text. */
  textTools: ReadonlySet<string>
}

/** Reads the tools of a call. A vendor's own tool is a native tool, but for OpenAI's custom tool: that has a word of ours. */
export function readTools(
  provider: Provider,
  tools: NonNullable<LanguageModelV4CallOptions['tools']>,
  warnings: SharedV4Warning[],
): ReadTools {
  const textTools = new Set<string>()
  const read = tools.map((tool): Tool => {
    if (tool.type === 'provider') {
      const text = textTool(tool)
      if (text === undefined) return nativeTool(provider, tool)
      textTools.add(tool.name)
      return text
    }
    const { name, description, inputExamples, strict, providerOptions } = tool
    if (inputExamples !== undefined) warnings.push({ type: 'unsupported', feature: `inputExamples of tool "${name}"` })
    const schema: unknown = tool.inputSchema
    return {
      name,
      description,
      parameters: isRecord(schema) ? schema : undefined,
      strict,
      cache: cacheOf(providerOptions),
    }
  })
  return { tools: read, textTools }
}

function textTool({ id, name, args }: LanguageModelV4ProviderTool): TextTool | undefined {
  if (id !== 'openai.custom') return undefined
  const { description, format } = args
  const tool = { type: 'text' as const, name, ...(typeof description === 'string' && { description }) }
  if (!isRecord(format) || typeof format.definition !== 'string') return tool
  const { syntax, definition } = format
  return syntax === 'lark' || syntax === 'regex' ? { ...tool, grammar: { syntax, definition } } : tool
}

type Fields = Readonly<Record<string, unknown>>

/** How a vendor writes a tool of its own on the wire; `name` is that of the tool after the vendor's, its version included. */
const VENDORS: Readonly<Record<string, { dialect: string; write: (name: string, args: Fields) => Fields }>> = {
  openai: { dialect: 'openai-responses', write: (type, args) => ({ type, ...snakeCase(args) }) },
  anthropic: {
    dialect: 'anthropic-messages',
    write: (type, args) => ({ type, name: type.replace(/_\d{8}$/, ''), ...snakeCase(args) }),
  },
  google: {
    dialect: 'gemini',
    write: (name, args) => ({ [name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())]: args }),
  },
}

/**
 * A vendor's own tool in the vendor's dialect; as it is where AI SDK models are below. An endpoint of another dialect refuses the
 * request, and a group asks its next member.
 */
function nativeTool(provider: Provider, { type, id, name, args }: LanguageModelV4ProviderTool): Tool {
  const [vendor = '', ...rest] = id.split('.')
  const known = Object.hasOwn(VENDORS, vendor) ? VENDORS[vendor] : undefined
  if (known === undefined || extraKeys(provider).includes(DIALECT)) {
    return { type: 'native', dialect: DIALECT, value: { type, id, name, args } }
  }
  return { type: 'native', dialect: known.dialect, value: known.write(rest.join('.'), args) }
}

/** The AI SDK writes `maxUses` where the vendors write `max_uses`. */
function snakeCase(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      isRecord(value) ? snakeCase(value) : value,
    ]),
  )
}
