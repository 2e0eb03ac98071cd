import { RequestError } from '../../request-error.ts'

/** OpenAI's chat models. The Responses API has no others. */
export const ownModels = ['gpt-6.1-sol', 'gpt-6.1-terra', 'gpt-6-sol', 'gpt-6-astra', 'gpt-6-luna']

/** The chat models of this dialect: OpenAI's, and those of other vendors that speak it. */
export const chatModels = [
  ...ownModels,
  'mistral-large-4',
  'mistral-medium-3-5',
  'mistral-small-latest',
  'codestral-latest',
  'grok-4.7',
  'grok-4.5',
  'grok-4.3',
  'deepseek-flash',
  'deepseek-v4-pro',
  'openai/gpt-oss-120b',
  'openai/gpt-oss-20b',
  'qwen/qwen3.8-27b',
  'openrouter/auto',
  'anthropic/claude-sonnet-4.5',
  'anthropic/claude-haiku-4.5',
  'anthropic/claude-opus-4.5',
]

/** The embedding models, with their default lengths. */
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
