import type { ProviderInfo, ProviderOptions, ProviderWith } from '@rivulet/core'
import { apiKeyHeader, httpProvider, settings } from '@rivulet/core/provider'
import { embeddings, gemini, modelList } from '@rivulet/protocol-google'
import { type GoogleModel, MODELS } from './models.ts'

export interface GoogleOptions extends ProviderOptions {
  /** Sent as `x-goog-api-key`, never in the URL. @default the environment's GEMINI_API_KEY, then its GOOGLE_API_KEY */
  apiKey?: string | undefined
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
    topK: undefined,
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
 * Google's Gemini models, over the Gemini API. Signatures of thoughts and calls go back with the conversation; calls from
 * another provider's model get the placeholder signature that the API documents.
 *
 * Dialect: `generateContent`, version `v1beta`. Facts of 2026-11-20.
 *
 * @see https://ai.google.dev/api/generate-content
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const answer = google({ apiKey }).stream({ model: 'gemini-3.8-flash', messages: [{ role: 'user', content: 'Hello' }] })
 * for await (const text of textOf(answer)) process.stdout.write(text)
 */
export function google(options: GoogleOptions = {}): ProviderWith<'models' | 'embed', GoogleModel> {
  return httpProvider(
    {
      id: 'google',
      info,
      protocol: gemini({ provider: 'google', models: MODELS }),
      baseUrl: 'https://generativelanguage.googleapis.com',
      apiKey: { env: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'], as: (key) => apiKeyHeader('x-goog-api-key', key) },
      models: modelList(),
      embeddings: embeddings(),
    },
    options,
  )
}
