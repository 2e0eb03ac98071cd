import type { ChatRequest, EmbedRequest, ReasoningEffort, ToolChoice } from '@rivulet/core'
import type { EncodedRequest } from '@rivulet/core/provider'
import { encodeContents } from './contents.ts'
import { MODELS, type ThinkingLevel, USUAL_LEVELS } from './models.ts'

/** A model's name is data: whatever it holds, it stays within its segment of the path. */
const pathOf = (model: string, verb: string): string =>
  `/v1beta/models/${encodeURIComponent(model.toWellFormed())}:${verb}`

/**
 * A request as a `generateContent` body. Fields stand in a fixed order, so that equal requests are equal bytes.
 *
 * @see https://ai.google.dev/api/generate-content (2026-11-20)
 */
export function encode(request: ChatRequest): EncodedRequest {
  const { systemInstruction, contents } = encodeContents(request.messages, 'google')
  const { responseFormat: format } = request
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
    thinkingConfig: encodeThinking(request.model, request.reasoning),
  }
  const body = {
    contents,
    systemInstruction,
    tools: request.tools && [
      {
        functionDeclarations: request.tools.map(({ name, description, parameters }) => ({
          name,
          description,
          parametersJsonSchema: parameters,
        })),
      },
    ],
    toolConfig: request.toolChoice && { functionCallingConfig: encodeToolChoice(request.toolChoice) },
    generationConfig: Object.values(config).some((value) => value !== undefined) ? config : undefined,
    ...request.extra,
  }
  const verb = request.stream === false ? 'generateContent' : 'streamGenerateContent?alt=sse'
  return { path: pathOf(request.model, verb), body }
}

/** @see https://ai.google.dev/api/embeddings (2026-11-20) */
export function encodeEmbedding({ model, input, dimensions }: EmbedRequest): EncodedRequest {
  const requests = input.map((text) => ({
    model: `models/${model}`,
    content: { parts: [{ text }] },
    outputDimensionality: dimensions,
  }))
  return { path: pathOf(model, 'batchEmbedContents'), body: { requests } }
}

/**
 * `'none'` and `'minimal'` become the least that the model takes, because none since Gemini 3 can be kept from thinking;
 * with `'none'` its thoughts are not told.
 *
 * @see https://ai.google.dev/gemini-api/docs/thinking (2026-11-20)
 */
function encodeThinking(model: string, effort: ReasoningEffort | undefined): unknown {
  if (effort === undefined) return undefined
  const levels = MODELS.find(({ id }) => id === model)?.levels ?? USUAL_LEVELS
  const least: ThinkingLevel = levels[0] ?? 'low'
  return {
    // As the reference has it; the guides write it small.
    thinkingLevel: (effort === 'none' || effort === 'minimal' ? least : effort).toUpperCase(),
    includeThoughts: effort === 'none' ? undefined : true,
  }
}

function encodeToolChoice(choice: ToolChoice): unknown {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.name] }
  return { mode: choice === 'required' ? 'ANY' : choice.toUpperCase() }
}
