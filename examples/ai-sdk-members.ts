/** Models of the AI SDK as members of a group, beside a provider of our own: any of its community's providers will do. */
import type { EmbeddingModelV4, LanguageModelV4 } from '@ai-sdk/provider'
import { fromEmbeddingModel, fromLanguageModel } from '@rivulet/ai-sdk'
import { chat, pipe, type Provider, retry } from '@rivulet/core'
import { failover } from '@rivulet/router'

/** The plain calls: a break starts over, on the next member. */
export function river(model: LanguageModelV4, own: Provider) {
  const theirs = pipe(fromLanguageModel(model, { deadlines: { firstTokenMs: 20_000 } }), retry({ attempts: 2 }))
  return chat(failover([theirs, own]))
}

/** Vectors of one model, wherever it is served. */
export const vectors = (models: readonly EmbeddingModelV4[], input: readonly string[]) =>
  chat(failover(models.map((model) => fromEmbeddingModel(model)))).embed({ model: 'any', input })
