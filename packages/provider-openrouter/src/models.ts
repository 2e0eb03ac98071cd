import type { Model, Price } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/** What Claude before 4.6 continues: a last message of the assistant's, while it does not reason. */
const WHILE_SILENT = ['default', 'none'] as const

/**
 * OpenRouter's own model, and those of which more is known than `models()` says: it lists hundreds of other vendors' models,
 * which change daily, with their prices.
 *
 * @see https://openrouter.ai/docs/api-reference/list-available-models (2026-11-20)
 * @see https://openrouter.ai/docs/api-reference/overview on "assistant prefill" (2026-11-28)
 */
export const MODELS = [
  { id: 'openrouter/auto', name: 'Auto Router' },
  { id: 'anthropic/claude-sonnet-4.5', name: 'Claude Sonnet 4.5', prefill: WHILE_SILENT },
  { id: 'anthropic/claude-haiku-4.5', name: 'Claude Haiku 4.5', prefill: WHILE_SILENT },
  { id: 'anthropic/claude-opus-4.5', name: 'Claude Opus 4.5', prefill: WHILE_SILENT },
] as const satisfies readonly Model[]

/** The names of the models that are known here; the endpoint may serve others. */
export type OpenrouterModel = (typeof MODELS)[number]['id']

/** Reads an entry of its list. Prices are dollars per token, as strings; a negative one means that it depends. */
export function describeModel(entry: Record<string, unknown>): Partial<Model> {
  const {
    name,
    context_length: contextTokens,
    top_provider: top,
    architecture,
    supported_parameters: parameters,
  } = entry
  const outputTokens = isRecord(top) ? top.max_completion_tokens : undefined
  const inputs = (isRecord(architecture) ? listOf(architecture.input_modalities) : []).filter(isInput)
  const can = listOf(parameters)
  const price = priceOf(entry.pricing)
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof contextTokens === 'number' && { contextTokens }),
    ...(typeof outputTokens === 'number' && { outputTokens }),
    ...(inputs.length > 0 && { inputs }),
    ...(Array.isArray(parameters) && { tools: can.includes('tools'), reasoning: can.includes('reasoning') }),
    ...(price !== undefined && { price }),
  }
}

function priceOf(pricing: unknown): Price | undefined {
  if (!isRecord(pricing)) return undefined
  const input = dollarsPerMillion(pricing.prompt)
  const output = dollarsPerMillion(pricing.completion)
  const cachedInput = dollarsPerMillion(pricing.input_cache_read)
  if (input === undefined || output === undefined) return undefined
  return { input, output, ...(cachedInput !== undefined && { cachedInput }) }
}

function dollarsPerMillion(perToken: unknown): number | undefined {
  const dollars = typeof perToken === 'string' && perToken !== '' ? Number(perToken) : Number.NaN
  // Twelve digits are more than a price has, and fewer than the noise of a multiplication.
  return dollars >= 0 ? Number((dollars * 1_000_000).toPrecision(12)) : undefined
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const isInput = (value: unknown): value is 'text' | 'image' | 'file' =>
  value === 'text' || value === 'image' || value === 'file'
