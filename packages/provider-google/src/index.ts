import type { Provider, ProviderInfo, ProviderOptions } from '@rivulet/core'
import { apiKeyHeader, detectFraming, httpProvider, settings } from '@rivulet/core/provider'
import { decode } from './decode.ts'
import { readEmbeddings, readModels } from './documents.ts'
import { encode, encodeEmbedding } from './encode.ts'
import { readError } from './errors.ts'
import { MODELS } from './models.ts'

export interface GoogleOptions extends ProviderOptions {
  /** Sent as `x-goog-api-key`, never in the URL. @default the environment's GEMINI_API_KEY, or else its GOOGLE_API_KEY */
  apiKey?: string
}

const info: ProviderInfo = {
  name: 'Google',
  url: 'https://generativelanguage.googleapis.com',
  auth: 'required',
  streaming: true,
  models: MODELS.map(({ levels: _levels, ...model }) => model),
  settings: settings({
    stream: undefined,
    temperature: undefined,
    topP: undefined,
    maxTokens: undefined,
    stop: undefined,
    seed: undefined,
    presencePenalty: undefined,
    frequencyPenalty: undefined,
    tools: undefined,
    toolChoice: undefined,
    responseFormat: undefined,
    reasoning: undefined,
  }),
}

/**
 * Google's Gemini models, over the Gemini API. Signatures of thoughts and calls go back with the conversation; calls that
 * another provider's model made are marked as unsigned, as the API documents.
 *
 * Dialect: its own, `generateContent`, version `v1beta`. Facts of 2026-11-20.
 *
 * @see https://ai.google.dev/api/generate-content
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const chat = { model: 'gemini-3.8-flash', messages: [{ role: 'user', content: 'Hello' }] }
 * for await (const text of textOf(google({ apiKey }).stream(chat))) process.stdout.write(text)
 */
export function google(options: GoogleOptions = {}): Provider {
  return httpProvider(
    {
      id: 'google',
      info,
      protocol: { encode, framing: (contentType) => detectFraming(contentType), decode, decodeError: readError },
      baseUrl: 'https://generativelanguage.googleapis.com',
      apiKey: { env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'], as: (key) => apiKeyHeader('x-goog-api-key', key) },
      models: { path: '/v1beta/models?pageSize=1000', read: readModels },
      embeddings: { encode: encodeEmbedding, read: readEmbeddings },
    },
    options,
  )
}
