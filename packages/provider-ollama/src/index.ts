import type { ProviderInfo, ProviderOptions, ProviderWith } from '@rivulet/core'
import { detectFraming, environment, httpProvider, settings } from '@rivulet/core/provider'
import { readEmbeddings, readModels } from './documents.ts'
import { encodeEmbedding } from './encode.ts'
import { baseUrlOf } from './host.ts'
import { MODELS, type OllamaModel } from './models.ts'
import { open } from './open.ts'

const info: ProviderInfo = {
  name: 'Ollama',
  url: 'https://ollama.com',
  auth: 'none',
  streaming: true,
  models: MODELS,
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
    responseFormat: undefined,
    reasoning: undefined,
  }),
}

/**
 * Ollama: models on this machine, or on another of yours. It has no credential; for a server behind a proxy, give one in
 * `headers`. Without a `baseUrl`, it is where the environment's OLLAMA_HOST says. The server must have pulled the model. Loading a model takes a while: see `firstTokenMs` of `deadlines`.
 *
 * Dialect: its own, `/api/chat`, one JSON object a line. Facts of 2026-11-20: https://docs.ollama.com/api
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const stream = ollama().stream({ model: 'llama3.2:3b', messages: [{ role: 'user', content: 'Hello' }] })
 * for await (const text of textOf(stream)) process.stdout.write(text)
 */
export function ollama(options: ProviderOptions = {}): ProviderWith<'models' | 'embed', OllamaModel> {
  const host = options.baseUrl === undefined ? environment('OLLAMA_HOST') : undefined
  return httpProvider(
    {
      id: 'ollama',
      info,
      protocol: { dialect: 'ollama', open, framing: (contentType) => detectFraming(contentType) },
      baseUrl: baseUrlOf(host ?? ''),
      models: { path: '/api/tags', read: readModels },
      embeddings: { encode: encodeEmbedding, read: readEmbeddings },
    },
    options,
  )
}
