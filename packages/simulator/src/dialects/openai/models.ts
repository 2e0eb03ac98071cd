import { Refusal } from '../../refusal.ts'

/** What can be asked for a chat, and for vectors with their usual length. */

export const chatModels = ['gpt-6.1-sol', 'gpt-6.1-terra', 'gpt-6-astra', 'gpt-6-luna']

export const embeddingModels: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
}

/** One that chats, or 404 in the vendor's words. */
export function knownOpenaiModel(model: string, known: readonly string[] = chatModels): string {
  if (known.includes(model)) return model
  const message = `The model \`${model}\` does not exist or you do not have access to it.`
  throw new Refusal(404, 'model_not_found', message, { isQuoted: true })
}
