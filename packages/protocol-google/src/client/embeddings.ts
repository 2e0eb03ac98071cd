import type { EmbedRequest, EmbedResult } from '@rivulet/core'
import { type EncodedRequest, type HttpProviderSpec, isRecord, vectorsOf } from '@rivulet/core/provider'
import { modelPath } from './model-path.ts'

/**
 * `POST …:batchEmbedContents`: gives a provider its `embed()`.
 *
 * @see https://ai.google.dev/api/embeddings (2026-11-20)
 * @example
 * httpProvider({ ...spec, embeddings: embeddings() })
 */
export function embeddings(): NonNullable<HttpProviderSpec['embeddings']> {
  return { encode, read }
}

function encode({ model, input, dimensions }: EmbedRequest): EncodedRequest {
  const requests = input.map((text) => ({
    model: `models/${model}`,
    content: { parts: [{ text }] },
    outputDimensionality: dimensions,
  }))
  return { path: modelPath(model, 'batchEmbedContents'), body: { requests } }
}

function read(document: unknown): EmbedResult | undefined {
  if (!isRecord(document) || !Array.isArray(document.embeddings)) return undefined
  const received = document.embeddings.map((embedding: unknown) => ({
    vector: isRecord(embedding) ? embedding.values : undefined,
  }))
  const inputTokens: unknown = isRecord(document.usageMetadata) ? document.usageMetadata.promptTokenCount : undefined
  return {
    vectors: vectorsOf(received),
    ...(typeof inputTokens === 'number' && Number.isInteger(inputTokens) && { inputTokens }),
  }
}
