import type { IncomingRequest, Rules } from '../../incoming-request.ts'
import { RequestError } from '../../request-error.ts'

export interface GeminiModel {
  readonly id: string
  readonly name: string
  /** The default length of its embeddings; absent for chat models. */
  readonly dimensions?: number
}

export const models: readonly GeminiModel[] = [
  { id: 'gemini-4-argon', name: 'Gemini 4 Argon' },
  { id: 'gemini-4-neon', name: 'Gemini 4 Neon' },
  { id: 'gemini-3.8-flash', name: 'Gemini 3.8 Flash' },
  { id: 'gemini-3.6-flash', name: 'Gemini 3.6 Flash' },
  { id: 'gemini-3.5-flash', name: 'Gemini 3.5 Flash' },
  { id: 'gemini-3.5-flash-lite', name: 'Gemini 3.5 Flash-Lite' },
  { id: 'gemini-3.1-pro-preview', name: 'Gemini 3.1 Pro' },
  { id: 'gemini-embedding-001', name: 'Gemini Embedding 001', dimensions: 3072 },
]

/** The model if it supports the method, else a 404 in the vendor's wording. */
export function knownGeminiModel(id: string, method: 'generateContent' | 'embedContent' | 'any'): GeminiModel {
  const found = models.find((model) => model.id === id)
  const embeds = found?.dimensions !== undefined
  if (found !== undefined && (method === 'any' || embeds === (method === 'embedContent'))) return found
  const message =
    `models/${id} is not found for API version v1beta, or is not supported for ${method}. ` +
    'Call ListModels to see the list of available models and their supported methods.'
  throw new RequestError(404, 'model_not_found', message, { isVerbatim: true, param: 'model' })
}

/** `x-goog-api-key`, or `key` in the query. */
export function checkKey({ headers, query }: IncomingRequest, { credential }: Rules): void {
  const key = headers['x-goog-api-key'] ?? query.get('key') ?? ''
  if (key === '') {
    const message =
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other " +
      'form of API consumer identity to call this API.'
    throw new RequestError(403, 'permission_denied', message, { isVerbatim: true, param: 'x-goog-api-key' })
  }
  if (credential === undefined || key === credential) return
  // The vendor answers 400 and names the key as the reason in the details.
  throw new RequestError(400, 'API_KEY_INVALID', 'API key not valid. Please pass a valid API key.', {
    isVerbatim: true,
    param: 'x-goog-api-key',
  })
}
