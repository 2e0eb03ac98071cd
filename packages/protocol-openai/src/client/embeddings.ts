import type { EmbedResult } from '@rivulet/core'
import { type HttpProviderSpec, isRecord, vectorsOf } from '@rivulet/core/provider'
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
      const received = document.data.map((entry: unknown) =>
        isRecord(entry) ? { vector: entry.embedding, index: entry.index } : { vector: undefined },
      )
      const inputTokens = isRecord(document.usage) ? count(document.usage.prompt_tokens) : undefined
      return { vectors: vectorsOf(received), ...(inputTokens !== undefined && { inputTokens }) } satisfies EmbedResult
    },
  }
}
