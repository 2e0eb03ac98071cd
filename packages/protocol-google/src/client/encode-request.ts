import type { ChatRequest, ReasoningEffort, Tool, ToolChoice } from '@rivulet/core'
import { type EncodedRequest, objectSchema } from '@rivulet/core/provider'
import { type GeminiModel, type ThinkingLevel, USUAL_LEVELS } from '../thinking-levels.ts'
import { encodeContents } from './encode-contents.ts'
import { modelPath } from './model-path.ts'

export interface GeminiOptions {
  /** Id of the provider: signatures from turns of another `origin` are omitted. @default 'google' */
  provider?: string | undefined
  /** Facts about the models. @default none: every model has the default levels */
  models?: readonly GeminiModel[] | undefined
}

/**
 * A request as a `generateContent` body. Fields have a fixed order, so that equal requests are equal bytes. An empty list of
 * tools is left out, and the choice with it.
 *
 * @throws ChatError `unsupported` for a file of a type that the API does not take.
 * @see https://ai.google.dev/api/generate-content (2026-11-20)
 */
export function encode(request: ChatRequest, options: GeminiOptions = {}): EncodedRequest {
  const { provider = 'google', models = [] } = options
  const { systemInstruction, contents } = encodeContents(request.messages, provider)
  const levels = models.find(({ id }) => id === request.model)?.levels ?? USUAL_LEVELS
  const { responseFormat: format, tools, toolChoice } = request
  // Tools of the API's own are in `extra`.
  const hasNoTools = (tools ?? []).length === 0
  const hasNoChoice = hasNoTools && request.extra?.tools === undefined
  const config = {
    temperature: request.temperature,
    topP: request.topP,
    maxOutputTokens: request.maxTokens,
    stopSequences: request.stop,
    seed: request.seed,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    responseMimeType: format === undefined || format === 'text' ? undefined : 'application/json',
    responseJsonSchema: typeof format === 'object' ? format.schema : undefined,
    thinkingConfig: encodeThinking(request.reasoning, levels),
  }
  const body = {
    contents,
    systemInstruction,
    tools: hasNoTools ? undefined : tools && [{ functionDeclarations: tools.map(declaration) }],
    toolConfig: hasNoChoice ? undefined : toolChoice && { functionCallingConfig: encodeToolChoice(toolChoice) },
    generationConfig: Object.values(config).some((value) => value !== undefined) ? config : undefined,
    ...request.extra,
  }
  const method = request.stream === false ? 'generateContent' : 'streamGenerateContent?alt=sse'
  return { path: modelPath(request.model, method), body }
}

const declaration = ({ name, description, parameters }: Tool): Record<string, unknown> => ({
  name,
  description,
  parametersJsonSchema: parameters && objectSchema(parameters),
})

/**
 * `'none'` and `'minimal'` become the lowest level of the model, because no model since Gemini 3 can turn thinking off;
 * `'none'` also hides its thoughts.
 *
 * @see https://ai.google.dev/gemini-api/docs/thinking (2026-11-20)
 */
function encodeThinking(effort: ReasoningEffort | undefined, levels: readonly ThinkingLevel[]): unknown {
  if (effort === undefined) return undefined
  const lowest = levels[0] ?? 'low'
  return {
    // Upper case, as in the reference; the guides use lower case.
    thinkingLevel: (effort === 'none' || effort === 'minimal' ? lowest : effort).toUpperCase(),
    includeThoughts: effort === 'none' ? undefined : true,
  }
}

function encodeToolChoice(choice: ToolChoice): unknown {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.name] }
  return { mode: choice === 'required' ? 'ANY' : choice.toUpperCase() }
}
