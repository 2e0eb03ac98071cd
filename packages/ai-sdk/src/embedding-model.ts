import type { EmbeddingModelV4, EmbeddingModelV4CallOptions, EmbeddingModelV4Result } from '@ai-sdk/provider'
import { chat, type Provider, type SteadyOptions } from '@rivulet/core'
import { checkOptions, checkPositive } from '@rivulet/core/provider'
import { apiError } from './answer/api-error.ts'
import { headersOf } from './call/read-options.ts'

export interface EmbeddingModelOptions extends SteadyOptions {
  /** How many texts `ai` sends in one call; it makes several calls of more. @default 100, which every vendor takes */
  maxEmbeddingsPerCall?: number | undefined
}

const OPTIONS: Readonly<Record<keyof EmbeddingModelOptions, true>> = {
  retry: true,
  deadlines: true,
  maxEmbeddingsPerCall: true,
}

/**
 * A provider as an embedding model of the AI SDK 7, for `embed` and `embedMany`. A lone provider is asked at most three times; an
 * error is not retryable for `ai` after that.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * import { embed } from 'ai'
 * const { embedding } = await embed({ model: asEmbeddingModel(openai(), 'text-embedding-3-small'), value: 'Hello' })
 */
export function asEmbeddingModel(
  provider: Provider,
  modelId: string,
  options: EmbeddingModelOptions = {},
): EmbeddingModelV4 {
  checkOptions('asEmbeddingModel', options, OPTIONS)
  const { maxEmbeddingsPerCall = 100, ...plain } = options
  checkPositive('asEmbeddingModel', { maxEmbeddingsPerCall })
  const { embed } = chat(provider, plain)
  return {
    specificationVersion: 'v4',
    provider: provider.id,
    modelId,
    maxEmbeddingsPerCall,
    supportsParallelCalls: true,
    async doEmbed(call: EmbeddingModelV4CallOptions): Promise<EmbeddingModelV4Result> {
      const { values, dimensions, abortSignal, headers, providerOptions = {} } = call
      try {
        const request = { model: modelId, input: values, dimensions }
        const { vectors, inputTokens } = await embed(request, { signal: abortSignal, headers: headersOf(headers) })
        return {
          embeddings: vectors,
          ...(inputTokens !== undefined && { usage: { tokens: inputTokens } }),
          warnings: Object.keys(providerOptions).map((key) => ({
            type: 'unsupported',
            feature: `providerOptions.${key}`,
            details: 'left out: embeddings have no options of a vendor',
          })),
        }
      } catch (error) {
        throw apiError(error, { provider, modelId }, false)
      }
    },
  }
}
