import type { Provider, ProviderOptions } from '@rivulet/core'
import { httpProvider, settings } from '@rivulet/core/provider'
import { chatCompletions, type ChatQuirks } from '@rivulet/protocol-openai'

export type GravityengineOptions = ProviderOptions

/** Messages are texts: it refuses parts. */
const TEXT_ALONE: ChatQuirks = { content: 'text', imageTypes: [], files: 'none' }

/**
 * Gravityengine, an OpenAI-compatible relay without a credential. It answers with one document, with one document a line,
 * or with server-sent events, whatever was requested: all three are decoded.
 *
 * Dialect: chat completions. Facts of 2026-11-20; the public host was last seen in 2023.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const { text } = await collect(
 *   gravityengine().stream({ model: 'gpt-3.5-turbo-16k', messages: [{ role: 'user', content: 'Hello' }] }),
 * )
 */
export function gravityengine(options: GravityengineOptions = {}): Provider {
  return httpProvider(
    {
      id: 'gravityengine',
      baseUrl: 'https://gpt4.gravityengine.cc',
      info: {
        name: 'Gravityengine',
        url: 'https://gpt4.gravityengine.cc',
        auth: 'none',
        streaming: true,
        models: [{ id: 'gpt-3.5-turbo-16k' }, { id: 'gpt-3.5-turbo-0613' }],
        settings: settings({ stream: undefined, temperature: 0.7, presencePenalty: 0 }),
      },
      protocol: chatCompletions({ path: '/api/openai/v1/chat/completions', ...TEXT_ALONE }),
    },
    options,
  )
}
