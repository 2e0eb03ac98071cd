import { ChatError, type ChatRequest, type ReasoningEffort } from '@rivulet/core'
import { Dropped, extraFields, hasCacheMarks, type Opened } from '@rivulet/core/provider'
import { type GeminiModel, nearestLevel, type ThinkingLevel, USUAL_LEVELS } from '../thinking-levels.ts'
import { DIALECT } from '../wire-part.ts'
import { encodeContents } from './encode-contents.ts'
import { encodeTools } from './encode-tools.ts'
import { modelPath } from './model-path.ts'
import { passOn } from './native-request.ts'
import { Schemas } from './schemas.ts'

/** @see https://ai.google.dev/api/generate-content#GenerationConfig (2026-11-20) */
const MOST_STOPS = 5

export interface GeminiOptions {
  /** Id of the provider: signatures of turns that another provider or model wrote are left out. @default 'google' */
  provider?: string | undefined
  /** Facts about the models. @default none: every model has the default levels */
  models?: readonly GeminiModel[] | undefined
}

/**
 * A request as a `generateContent` body. Fields have a fixed order, so that equal requests are equal bytes. A request that came
 * in this dialect is passed on.
 *
 * @throws ChatError `unsupported` for a file of a type that the API does not take, and for a tool of another dialect.
 * @see https://ai.google.dev/api/generate-content (2026-11-20)
 */
export function encode(request: ChatRequest, options: GeminiOptions): Pick<Opened, 'http' | 'dropped'> {
  const { provider = 'google', models = [] } = options
  const path = modelPath(request.model, request.stream === false ? 'generateContent' : 'streamGenerateContent?alt=sse')
  const extra = extraFields(request, DIALECT)
  if (request.native?.dialect === DIALECT) {
    const { json, dropped } = passOn(request.native, { provider, model: request.model }, extra)
    return { http: { path, body: request.native.body, json, headers: { ...request.native.headers } }, dropped }
  }
  if (request.stop !== undefined && request.stop.length > MOST_STOPS) {
    throw new ChatError('unsupported', `at most ${MOST_STOPS} stop strings are taken, got ${request.stop.length}`)
  }
  const dropped = new Dropped()
  if (hasCacheMarks(request)) dropped.add('cache')
  const { systemInstruction, contents } = encodeContents(request, provider, dropped)
  const schemas = new Schemas()
  const { tools, toolConfig } = encodeTools(request, schemas, dropped)
  const levels = models.find(({ id }) => id === request.model)?.levels ?? USUAL_LEVELS
  const { responseFormat: format } = request
  const config = {
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    maxOutputTokens: request.maxTokens,
    stopSequences: request.stop,
    seed: request.seed,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    responseMimeType: format === undefined || format === 'text' ? undefined : 'application/json',
    responseJsonSchema: typeof format === 'object' ? schemas.write(format.schema) : undefined,
    thinkingConfig: request.reasoning && encodeThinking(request.reasoning, levels, dropped),
  }
  const body = {
    contents,
    systemInstruction,
    tools,
    // Tools may be in `extra`, too.
    toolConfig: tools === undefined && extra.tools === undefined ? undefined : toolConfig,
    generationConfig: Object.values(config).some((value) => value !== undefined) ? config : undefined,
    ...extra,
  }
  schemas.name(dropped)
  for (const name of request.native?.unnamed ?? []) dropped.add(name)
  return { http: { path, body }, dropped: dropped.names }
}

/**
 * A model gets the nearest level that it knows. No model since Gemini 3 can turn thinking off: `'none'` is its lowest level, with
 * its thoughts hidden.
 *
 * @see https://ai.google.dev/gemini-api/docs/thinking (2026-11-20)
 */
function encodeThinking(effort: ReasoningEffort, levels: readonly ThinkingLevel[], dropped: Dropped): unknown {
  const level = nearestLevel(effort, levels)
  if (level !== effort) dropped.add(`reasoning: '${effort}' sent as '${level}'`)
  return {
    // Upper case, as in the reference; the guides use lower case.
    thinkingLevel: level.toUpperCase(),
    includeThoughts: effort === 'none' ? undefined : true,
  }
}
