import type { ChatRequest, Provider, ProviderOptions } from '@rivulet/core'
import { httpProvider, settings } from '@rivulet/core/provider'
import { embeddings, gemini, type GeminiModel, modelList } from '../../src/index.ts'

export const MODELS: readonly GeminiModel[] = [{ id: 'minimal-1', levels: ['minimal', 'low', 'medium', 'high'] }]

export const request: ChatRequest = { model: 'acme-1', messages: [{ role: 'user', content: 'Hello' }] }

/** A provider that speaks the dialect, for tests of what a dialect and `httpProvider()` do together. */
export const acme = (options: ProviderOptions): Provider =>
  httpProvider(
    {
      id: 'acme',
      info: {
        name: 'Acme',
        url: 'https://acme.example',
        auth: 'none',
        streaming: true,
        models: [{ id: 'acme-1' }],
        settings: settings({ stream: undefined, tools: undefined }),
      },
      baseUrl: 'https://api.acme.example',
      protocol: gemini({ provider: 'acme', models: MODELS }),
      models: modelList(),
      embeddings: embeddings(),
    },
    options,
  )
