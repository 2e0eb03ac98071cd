import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4ProviderTool,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider'
import {
  type CallOptions,
  ChatError,
  type ChatRequest,
  type NativeTool,
  type FunctionTool,
  type TextTool,
} from '@rivulet/core'
import { Dropped, extraFields, textToolsAsFunctions } from '@rivulet/core/provider'
import { DIALECT } from '../native.ts'
import { cacheOptions } from './cache-options.ts'
import { writePrompt } from './write-prompt.ts'
import type { Author } from './write-turn.ts'

/** A request, as a call of an AI SDK model. */
export interface WrittenCall {
  options: Omit<LanguageModelV4CallOptions, 'abortSignal'>
  dropped: readonly string[]
  /** The text tools that are sent as such; the others are sent as functions. */
  textTools: ReadonlySet<string>
}

/** Whom a request is written for. */
export interface Callee extends Author {
  /** The key of the model's own options: `'openai'`. */
  vendor: string
  /** Whether the model has tools whose input is a text. */
  hasTextTools: boolean
}

/** @throws ChatError `unsupported` for a tool that only another dialect has a word for. */
export function writeCall(request: ChatRequest, call: CallOptions, callee: Callee): WrittenCall {
  const dropped = new Dropped()
  const { maxTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, stop, seed, reasoning } = request
  const { responseFormat, toolChoice, parallelToolCalls, native } = request
  const tools = callee.hasTextTools ? (request.tools ?? []) : textToolsAsFunctions(request.tools, dropped)
  for (const name of native?.unnamed ?? []) dropped.add(name)
  if (parallelToolCalls !== undefined) dropped.add('parallelToolCalls')
  const options: WrittenCall['options'] = {
    prompt: writePrompt(request.messages, callee, dropped),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    ...(stop !== undefined && { stopSequences: [...stop] }),
    ...(seed !== undefined && { seed }),
    ...(reasoning !== undefined && { reasoning }),
    ...(responseFormat !== undefined && { responseFormat: formatOf(responseFormat) }),
    ...(tools.length > 0 && { tools: tools.map((tool) => writeTool(tool, callee)) }),
    ...(toolChoice !== undefined && { toolChoice: choiceOf(toolChoice) }),
    ...(call.headers !== undefined && { headers: { ...call.headers } }),
    ...(call.raw === true && { includeRawChunks: true }),
    ...optionsOf(request, callee),
  }
  const textTools = new Set(
    callee.hasTextTools ? tools.flatMap((tool) => (tool.type === 'text' ? [tool.name] : [])) : [],
  )
  return { options, dropped: dropped.names, textTools }
}

function choiceOf(
  choice: NonNullable<ChatRequest['toolChoice']>,
): NonNullable<LanguageModelV4CallOptions['toolChoice']> {
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name }
}

function formatOf(
  format: NonNullable<ChatRequest['responseFormat']>,
): NonNullable<LanguageModelV4CallOptions['responseFormat']> {
  if (format === 'text') return { type: 'text' }
  return format === 'json' ? { type: 'json' } : { type: 'json', name: format.name, schema: { ...format.schema } }
}

function writeTool(
  tool: FunctionTool | TextTool | NativeTool,
  { id }: Callee,
): LanguageModelV4FunctionTool | LanguageModelV4ProviderTool {
  switch (tool.type) {
    case 'native':
      // A tool of theirs, as it was.
      if (tool.dialect === DIALECT) return tool.value as unknown as LanguageModelV4ProviderTool
      throw new ChatError('unsupported', `${id}: it has no word for a tool of ${tool.dialect}`, { provider: id })
    case 'text': {
      const { name, description, grammar } = tool
      const format = grammar === undefined ? { type: 'text' } : { type: 'grammar', ...grammar }
      return {
        type: 'provider',
        id: 'openai.custom',
        name,
        args: { ...(description !== undefined && { description }), format },
      }
    }
    case 'function':
    case undefined: {
      const { name, description, parameters = { type: 'object', properties: {} }, strict, cache } = tool
      return {
        type: 'function',
        name,
        inputSchema: { ...parameters },
        ...(description !== undefined && { description }),
        ...(strict !== undefined && { strict }),
        ...cacheOptions(cache),
      }
    }
  }
}

/** Under `extra['ai-sdk']`, options as `ai` takes them; under the vendor's key or the provider's id, options of that vendor. */
function optionsOf(request: ChatRequest, { id, vendor }: Callee): { providerOptions?: SharedV4ProviderOptions } {
  const own = extraFields(request, vendor, id)
  const all = { ...request.extra?.[DIALECT], ...(Object.keys(own).length > 0 && { [vendor]: own }) }
  // Options of a vendor are JSON, and its own code checks them.
  return Object.keys(all).length === 0 ? {} : { providerOptions: all as SharedV4ProviderOptions }
}
