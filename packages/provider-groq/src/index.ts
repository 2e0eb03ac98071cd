import type { ProviderOptions, ProviderWith } from '@rivulet/core'
import { bearer, httpProvider } from '@rivulet/core/provider'
import { chatCompletions, type ChatQuirks, chatSettings, modelList } from '@rivulet/protocol-openai'
import { type GroqModel, MODELS } from './models.ts'

export interface GroqOptions extends ProviderOptions {
  /** Sent as `authorization: Bearer …`. @default the environment's GROQ_API_KEY */
  apiKey?: string | undefined
}

/** https://console.groq.com/docs/api-reference and https://console.groq.com/docs/errors (2026-11-20) */
const QUIRKS: ChatQuirks = {
  // Usage comes unrequested, in `x_groq`; the API reference has no `stream_options`.
  maxTokens: 'max_completion_tokens',
  files: 'none',
  thoughts: { origin: 'groq', as: 'reasoning' },
  efforts: {
    none: { reasoning_effort: 'none' },
    low: { reasoning_effort: 'low' },
    medium: { reasoning_effort: 'medium' },
    high: { reasoning_effort: 'high' },
  },
  errors: [
    // The model wrote a tool call or JSON that Groq could not parse: a retry may help.
    { pattern: /"code":"(tool_use_failed|json_validate_failed)"/, code: 'malformed' },
    // One request with more tokens than a minute allows: called a rate limit, but waiting never makes it fit.
    { status: 413, pattern: /rate_limit_exceeded/, code: 'context-length' },
    // Flex processing has no capacity at the moment.
    { status: 498, pattern: /./, code: 'overloaded' },
  ],
}

/**
 * Groq. It honours neither penalty, and has no files or embeddings.
 *
 * Dialect: chat completions. Facts of 2026-11-20: https://console.groq.com/docs
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const stream = groq({ apiKey }).stream({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'Hello' }] })
 * for await (const text of textOf(stream)) process.stdout.write(text)
 */
export function groq(options: GroqOptions = {}): ProviderWith<'models', GroqModel> {
  return httpProvider(
    {
      id: 'groq',
      baseUrl: 'https://api.groq.com/openai/v1',
      info: {
        name: 'Groq',
        url: 'https://groq.com',
        auth: 'required',
        streaming: true,
        models: MODELS,
        settings: chatSettings({ without: ['presencePenalty', 'frequencyPenalty'] }),
      },
      protocol: chatCompletions(QUIRKS),
      apiKey: { env: 'GROQ_API_KEY', as: bearer },
      models: modelList(({ context_window: context, max_completion_tokens: output, active }) =>
        active === false
          ? undefined
          : {
              ...(typeof context === 'number' && { contextTokens: context }),
              ...(typeof output === 'number' && { outputTokens: output }),
            },
      ),
    },
    options,
  )
}
