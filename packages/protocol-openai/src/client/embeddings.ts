import type { EmbedResult } from '@rivulet/core'
import { type HttpProviderSpec, isRecord } from '@rivulet/core/provider'
import { count } from './usage.ts'

export interface EmbeddingsOptions {
  /** The field for the length of a vector. @default 'dimensions' */
  dimensions?: 'dimensions' | 'output_dimension' | undefined
}

/**
 * `POST /embeddings`: gives a provider its `embed()`. Vectors travel as lists of numbers.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings/create (2026-11-20)
 * @example
 * httpProvider({ ...spec, embeddings: embeddings() })
 */
export function embeddings(options: EmbeddingsOptions = {}): NonNullable<HttpProviderSpec['embeddings']> {
  return {
    encode: ({ model, input, dimensions }) => ({
      path: '/embeddings',
      body: { model, input, [options.dimensions ?? 'dimensions']: dimensions, encoding_format: 'float' },
    }),
    read(document) {
      if (!isRecord(document) || !Array.isArray(document.data)) return undefined
      const vectors: number[][] = []
      for (const [position, entry] of document.data.entries()) {
        const index = isRecord(entry) && typeof entry.index === 'number' ? entry.index : position
        const vector: unknown = isRecord(entry) ? entry.embedding : undefined
        if (!isVector(vector)) return undefined
        vectors[index] = vector
      }
      const inputTokens = isRecord(document.usage) ? count(document.usage.prompt_tokens) : undefined
      return { vectors, ...(inputTokens !== undefined && { inputTokens }) } satisfies EmbedResult
    },
  }
}

const isVector = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((number) => typeof number === 'number')
