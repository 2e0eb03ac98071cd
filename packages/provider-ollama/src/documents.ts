/** The server's other documents: its models, and embeddings. */

import type { EmbedResult, Model } from '@rivulet/core'
import { isRecord, vectorsOf } from '@rivulet/core/provider'

/** Reads `GET /api/tags`. @see https://docs.ollama.com/api/tags (2026-11-20) */
export function readModels(document: unknown): Model[] | undefined {
  if (!isRecord(document) || !Array.isArray(document.models)) return undefined
  return document.models
    .filter(isRecord)
    .map(({ model, name }) => model ?? name)
    .filter((id) => typeof id === 'string')
    .map((id) => ({ id }))
}

/** Reads `POST /api/embed`. @see https://docs.ollama.com/api/embed (2026-11-20) */
export function readEmbeddings(document: unknown): EmbedResult | undefined {
  if (!isRecord(document) || !Array.isArray(document.embeddings)) return undefined
  const { embeddings, prompt_eval_count: inputTokens } = document
  const vectors = vectorsOf(embeddings.map((vector: unknown) => ({ vector })))
  return { vectors, ...(typeof inputTokens === 'number' && { inputTokens }) }
}
