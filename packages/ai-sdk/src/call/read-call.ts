import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import type { CallOptions, ChatRequest, Provider, ResponseFormat, ToolChoice } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { headersOf, readOptions } from './read-options.ts'
import { readPrompt } from './read-prompt.ts'
import { readTools } from './read-tools.ts'

/** A call of the AI SDK, as a request to a provider. */
export interface ReadCall {
  request: ChatRequest
  call: CallOptions
  /** What was left out. */
  warnings: SharedV4Warning[]
}

/**
 * Reads a call of the AI SDK.
 *
 * @throws UnsupportedFunctionalityError for what no request of ours can say, such as a file by a vendor's id.
 */
export function readCall(provider: Provider, model: string, options: LanguageModelV4CallOptions): ReadCall {
  const { prompt, maxOutputTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, seed } = options
  const { stopSequences, responseFormat, reasoning, headers, abortSignal, includeRawChunks } = options
  const warnings: SharedV4Warning[] = []
  const { tools, textTools } = readTools(provider, options.tools ?? [], warnings)
  const request: ChatRequest = {
    model,
    messages: readPrompt(provider, prompt, textTools, warnings),
    maxTokens: maxOutputTokens,
    temperature,
    topP,
    topK,
    presencePenalty,
    frequencyPenalty,
    seed,
    stop: stopSequences,
    // A choice without tools is a mistake in our requests, and means nothing in theirs.
    ...(tools.length > 0 && { tools, toolChoice: toolChoiceOf(options.toolChoice) }),
    responseFormat: formatOf(responseFormat),
    reasoning: reasoning === 'provider-default' ? undefined : reasoning,
    ...readOptions(provider, options.providerOptions, warnings),
  }
  const call: CallOptions = {
    signal: abortSignal,
    headers: headersOf(headers),
    raw: includeRawChunks === true,
    // A hint that an endpoint has no word for is left out, and becomes a warning.
    unsupported: 'drop',
  }
  return { request, call, warnings }
}

function toolChoiceOf(choice: LanguageModelV4CallOptions['toolChoice']): ToolChoice | undefined {
  return choice?.type === 'tool' ? { name: choice.toolName } : choice?.type
}

function formatOf(format: LanguageModelV4CallOptions['responseFormat']): ResponseFormat | undefined {
  if (format?.type !== 'json') return undefined
  const schema: unknown = format.schema
  if (!isRecord(schema)) return 'json'
  const { name = 'response', description } = format
  const described = description === undefined || 'description' in schema ? schema : { ...schema, description }
  // `ai` validates the answer: no endpoint has to hold it to all of the schema.
  return { name, schema: described, strict: 'auto' }
}
