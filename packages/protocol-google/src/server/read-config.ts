import type { ChatRequest, ReasoningEffort, ResponseFormat } from '@rivulet/core'
import { defined } from '@rivulet/core/provider'
import type { Fields } from './fields.ts'
import { jsonSchema } from './read-tools.ts'

/** The fields of `generationConfig` that a request has fields for. */
const NAMED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'stopSequences',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'thinkingConfig',
  'candidateCount',
])

export interface ReadConfig {
  settings: Partial<ChatRequest>
  /** The client wants to see thoughts. */
  includeThoughts: boolean
  unnamed: string[]
}

/** Reads `generationConfig`. @see https://ai.google.dev/api/generate-content#v1beta.GenerationConfig (2026-11-20) */
export function readConfig(body: Fields): ReadConfig {
  const config = body.object('generationConfig')
  if (config === undefined) return { settings: {}, includeThoughts: false, unnamed: [] }
  if ((config.whole('candidateCount', 1) ?? 1) > 1)
    config.refuse('candidateCount', 'must be 1: a request gets one answer')
  const thinking = config.object('thinkingConfig')
  const settings = defined({
    temperature: config.number('temperature'),
    topP: config.number('topP'),
    topK: config.whole('topK', 1),
    maxTokens: config.whole('maxOutputTokens', 1),
    stop: config.texts('stopSequences'),
    seed: config.whole('seed'),
    presencePenalty: config.number('presencePenalty'),
    frequencyPenalty: config.number('frequencyPenalty'),
    responseFormat: formatOf(config),
    reasoning: thinking && effortOf(thinking),
  })
  return {
    settings,
    includeThoughts: thinking?.flag('includeThoughts') === true,
    unnamed: config.names.filter((name) => !NAMED.has(name)).map((name) => `generationConfig.${name}`),
  }
}

function formatOf(config: Fields): ResponseFormat | undefined {
  const type = config.text('responseMimeType')
  const own = config.record('responseSchema')
  const schema = config.record('responseJsonSchema') ?? (own && jsonSchema(own))
  if (schema !== undefined) return { name: 'answer', schema }
  if (type === undefined || type === 'text/plain') return undefined
  return type === 'application/json'
    ? 'json'
    : config.refuse('responseMimeType', 'must be text/plain or application/json')
}

const LEVELS = ['THINKING_LEVEL_UNSPECIFIED', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH'] as const
const EFFORTS: readonly (ReasoningEffort | undefined)[] = [undefined, 'minimal', 'low', 'medium', 'high']

/**
 * The level; or the step whose budget is the given one, as Google's own endpoint of chat completions has them.
 *
 * @see https://ai.google.dev/gemini-api/docs/openai#thinking (2026-11-20)
 */
function effortOf(thinking: Fields): ReasoningEffort | undefined {
  const level = thinking.oneOf('thinkingLevel', LEVELS)
  if (level !== undefined) return EFFORTS[LEVELS.indexOf(level)]
  const budget = thinking.whole('thinkingBudget')
  // −1 leaves it to the model.
  if (budget === undefined || budget < 0) return undefined
  if (budget === 0) return 'none'
  return budget <= 1_024 ? 'low' : budget <= 8_192 ? 'medium' : 'high'
}
