import type { Provider, ProviderInfo, ProviderOptions } from '@rivulet/core'
import { apiKeyHeader, credential, detectFraming, environment, httpProvider, settings } from '@rivulet/core/provider'
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
  const { apiKey: given, ...common } = options
  const apiKey = credential('google', 'apiKey', given, 'GEMINI_API_KEY') ?? environment('GOOGLE_API_KEY')
  return httpProvider(
    {
      id: 'google',
      info,
      protocol: { encode, framing: (contentType) => detectFraming(contentType), decode, decodeError: readError },
      baseUrl: 'https://generativelanguage.googleapis.com',
      authorize: apiKey === undefined ? undefined : apiKeyHeader('x-goog-api-key', apiKey),
      credential: 'the apiKey option or the environment variable GEMINI_API_KEY or GOOGLE_API_KEY',
      models: { path: '/v1beta/models?pageSize=1000', read: readModels },
      embeddings: { encode: encodeEmbedding, read: readEmbeddings },
      ownOptions: ['apiKey'],
    },
    common,
  )
}
