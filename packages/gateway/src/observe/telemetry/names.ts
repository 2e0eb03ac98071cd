/**
 * The names of OpenTelemetry's semantic conventions for generative AI, version 0.1.0, whose state is "development": read on
 * 2026-11-28 at github.com/open-telemetry/semantic-conventions-genai. They change; each is here and nowhere else.
 */

export const ATTRIBUTES = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  requestModel: 'gen_ai.request.model',
  requestStream: 'gen_ai.request.stream',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  /** In seconds. */
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cacheReadTokens: 'gen_ai.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.usage.cache_write.input_tokens',
  reasoningTokens: 'gen_ai.usage.reasoning.output_tokens',
  modality: 'gen_ai.token.modality',
  errorType: 'error.type',
  httpStatus: 'http.response.status_code',
  /** Ours: the conventions have no names for these. */
  requestId: 'rivulet.request.id',
  key: 'rivulet.key.id',
  hold: 'rivulet.hold',
  outcome: 'rivulet.outcome',
  attempts: 'rivulet.attempts',
  dropped: 'rivulet.dropped',
} as const

export const METRICS = {
  duration: 'gen_ai.client.inference.duration',
  timeToFirstChunk: 'gen_ai.client.inference.time_to_first_chunk',
  timePerChunk: 'gen_ai.client.inference.time_per_output_chunk',
  inputTokens: 'gen_ai.client.inference.usage.input_tokens',
  outputTokens: 'gen_ai.client.inference.usage.output_tokens',
  cacheReadTokens: 'gen_ai.client.inference.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.client.inference.usage.cache_write.input_tokens',
  reasoningTokens: 'gen_ai.client.inference.usage.reasoning.output_tokens',
} as const

/** In seconds, as the conventions advise. */
export const BOUNDARIES = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]

/** Endpoints do not say what the tokens were of. */
export const UNKNOWN_MODALITY = 'unknown'

/** A model that the provider does not list, and a failure without a code. */
export const OTHER = '_OTHER'

/** Those of our ids that the conventions write otherwise. */
const PROVIDERS: Readonly<Partial<Record<string, string>>> = {
  google: 'gcp.gemini',
  mistral: 'mistral_ai',
  xai: 'x_ai',
}

export const providerName = (id: string): string => (Object.hasOwn(PROVIDERS, id) ? PROVIDERS[id] : undefined) ?? id
