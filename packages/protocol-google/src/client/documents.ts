/** What the endpoint answers beside chats: what it serves, and vectors. */

import type { EmbedResult, Model } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

const VERBS = new Set<unknown>(['generateContent', 'embedContent'])

/** @see https://ai.google.dev/api/models (2026-11-20) */
export function readModels(document: unknown): Model[] | undefined {
  if (!isRecord(document) || !Array.isArray(document.models)) return undefined
  return document.models.filter(isRecord).flatMap((model): Model[] => {
    const { name, displayName, inputTokenLimit, outputTokenLimit, supportedGenerationMethods: verbs, thinking } = model
    if (typeof name !== 'string' || (Array.isArray(verbs) && !verbs.some((verb) => VERBS.has(verb)))) return []
    return [
      {
        id: name.replace(/^models\//, ''),
        ...(typeof displayName === 'string' && { name: displayName }),
        ...(isCount(inputTokenLimit) && { contextTokens: inputTokenLimit }),
        ...(isCount(outputTokenLimit) && { outputTokens: outputTokenLimit }),
        ...(typeof thinking === 'boolean' && { reasoning: thinking }),
      },
    ]
  })
}

/** @see https://ai.google.dev/api/embeddings (2026-11-20) */
export function readEmbeddings(document: unknown): EmbedResult | undefined {
  if (!isRecord(document) || !Array.isArray(document.embeddings)) return undefined
  const vectors = document.embeddings.map((embedding: unknown) => (isRecord(embedding) ? embedding.values : undefined))
  if (!vectors.every(isVector)) return undefined
  const usage = isRecord(document.usageMetadata) ? document.usageMetadata.promptTokenCount : undefined
  return { vectors, ...(isCount(usage) && { inputTokens: usage }) }
}

const isVector = (values: unknown): values is number[] =>
  Array.isArray(values) && values.every((value) => typeof value === 'number')
const isCount = (value: unknown): value is number => Number.isInteger(value)
