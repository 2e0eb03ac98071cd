import type { Provider, ProviderOptions } from '@rivulet/core'
import { httpProvider, settings } from '@rivulet/core/provider'
import { chatCompletions } from '@rivulet/protocol-openai'

export type GravityengineOptions = ProviderOptions

/**
 * Gravityengine, an OpenAI-compatible relay without a credential. Answers in one document, in one document a line, or in
 * server-sent events, whatever was asked for: all three are read.
 *
 * Dialect: chat completions. Public host last seen in 2023; facts of 2026-11-20.
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
      protocol: chatCompletions({ path: '/api/openai/v1/chat/completions' }),
    },
    options,
  )
}
