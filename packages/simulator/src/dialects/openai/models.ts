import { RequestError } from '../../request-error.ts'

/** The chat models, and the embedding models with their default lengths. */

export const chatModels = ['gpt-6.1-sol', 'gpt-6.1-terra', 'gpt-6-astra', 'gpt-6-luna']

export const embeddingModels: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
}

/** Returns a known model, else throws a 404 in the vendor's wording. */
export function knownOpenaiModel(model: string, known: readonly string[] = chatModels): string {
  if (known.includes(model)) return model
  const message = `The model \`${model}\` does not exist or you do not have access to it.`
  throw new RequestError(404, 'model_not_found', message, { isVerbatim: true })
}
