import type { ProviderInfo, ProviderOptions, ProviderWith } from '@rivulet/core'
import { apiKeyHeader, httpProvider, settings } from '@rivulet/core/provider'
import { messages } from '@rivulet/protocol-anthropic'
import { readModels } from './list-models.ts'
import { type AnthropicModel, type ClaudeModel, MODELS } from './models.ts'
import { withoutRefusedThoughts } from './refused-thoughts.ts'

export interface AnthropicOptions extends ProviderOptions {
  /** Sent as `x-api-key`. @default the environment's ANTHROPIC_API_KEY */
  apiKey?: string | undefined
}

const CLAUDE_MODELS: readonly ClaudeModel[] = MODELS

const info: ProviderInfo = {
  name: 'Anthropic',
  url: 'https://api.anthropic.com',
  auth: 'required',
  streaming: true,
  models: CLAUDE_MODELS.map(({ thinking: _thinking, efforts: _efforts, forcedTools: _forced, ...model }) => model),
  settings: settings({
    stream: undefined,
    temperature: undefined,
    topP: undefined,
    topK: undefined,
    maxTokens: undefined,
    stop: undefined,
    tools: undefined,
    toolChoice: undefined,
    parallelToolCalls: undefined,
    responseFormat: undefined,
    reasoning: undefined,
  }),
}

/**
 * Anthropic's Claude models. The API requires `max_tokens`: without `maxTokens`, the model's limit is sent. Reasoning comes
 * as summaries with signatures, and goes back with the conversation; thoughts that the API refuses are left out, and it is asked
 * once more.
 *
 * Dialect: Messages, version 2023-06-01. Facts of 2026-11-20: https://platform.claude.com/docs/en/api/messages
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const stream = anthropic({ apiKey }).stream({ model: 'claude-opus-5-5', messages: [{ role: 'user', content: 'Hello' }] })
 * for await (const text of textOf(stream)) process.stdout.write(text)
 */
export function anthropic(options: AnthropicOptions = {}): ProviderWith<'models', AnthropicModel> {
  return httpProvider(
    {
      id: 'anthropic',
      info,
      protocol: messages({ provider: 'anthropic', models: CLAUDE_MODELS }),
      baseUrl: 'https://api.anthropic.com',
      apiKey: { env: 'ANTHROPIC_API_KEY', as: (key) => apiKeyHeader('x-api-key', key) },
      headers: { 'anthropic-version': '2023-06-01' },
      layers: [withoutRefusedThoughts],
      models: { path: '/v1/models?limit=1000', read: readModels },
    },
    options,
  )
}
