import type { Provider, ProviderOptions } from '@rivulet/core'
import { apiKeyHeader, httpProvider, isRecord, settings, textFraming } from '@rivulet/core/provider'
import { decode } from './decode.ts'
import { encode, type LiaobotsModel } from './encode.ts'

export { type LiaobotsModel } from './encode.ts'

export interface LiaobotsOptions extends ProviderOptions {
  /** The auth code, sent as `x-auth-code`. Required. @default the environment's LIAOBOTS_AUTH */
  auth?: string | undefined
  /** Models beside `gpt-4` and `gpt-3.5-turbo`, or in place of a model with the same id. @default none */
  models?: readonly LiaobotsModel[] | undefined
  /** The system prompt, sent beside the messages. @default 'You are ChatGPT, a large language model trained by OpenAI. …' */
  prompt?: string | undefined
  /** Gives the id of a request's conversation, a UUID. @default a new one for each request */
  conversationId?: (() => string) | undefined
}

const MODELS: readonly LiaobotsModel[] = [
  { id: 'gpt-4', name: 'GPT-4', maxLength: 24_000, tokenLimit: 8_000 },
  { id: 'gpt-3.5-turbo', name: 'GPT-3.5', maxLength: 12_000, tokenLimit: 4_000 },
]

const PROMPT =
  "You are ChatGPT, a large language model trained by OpenAI. Follow the user's instructions carefully. Respond using markdown."

/** The endpoint serves its own page, and expects a desktop browser. */
const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0.0.0 Safari/537.36'

/**
 * Liaobots, the endpoint of a chat page. It requires an auth code.
 *
 * Dialect: its own; the answer is raw UTF-8 text, which ends where the body ends. Conversations are limited in characters
 * (24,000 for `gpt-4`, 12,000 for `gpt-3.5-turbo`); a longer one is refused as `context-length` before it is sent. Facts of
 * 2026-11-20; the public host was last seen in 2023.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const { text } = await collect(
 *   liaobots({ auth }).stream({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }),
 * )
 */
export function liaobots(options: LiaobotsOptions = {}): Provider {
  const { models: more = [], prompt = PROMPT, conversationId } = options
  const records: unknown = more
  if (!Array.isArray(records) || !records.every(isModel)) {
    throw new TypeError(
      "liaobots: models must be an array of records, as { id: 'gpt-4', name: 'GPT-4', maxLength: 24000, tokenLimit: 8000 }.",
    )
  }
  if (typeof prompt !== 'string') throw new TypeError('liaobots: prompt must be a string.')
  if (conversationId !== undefined && typeof conversationId !== 'function') {
    throw new TypeError('liaobots: conversationId must be a function that gives an id, as () => crypto.randomUUID().')
  }
  const models = [...MODELS.filter(({ id }) => !more.some((model) => model.id === id)), ...more]
  const context = { models, prompt, conversationId: conversationId ?? (() => crypto.randomUUID()) }
  return httpProvider(
    {
      id: 'liaobots',
      baseUrl: 'https://liaobots.com',
      info: {
        name: 'Liaobots',
        url: 'https://liaobots.com',
        auth: 'required',
        streaming: true,
        models: models.map(({ id, name, tokenLimit }) => ({ id, name, contextTokens: tokenLimit })),
        settings: settings({ stream: undefined }),
      },
      protocol: {
        dialect: 'liaobots',
        open: (request) => ({ ...encode(request, context), decode }),
        framing: () => textFraming(),
      },
      apiKey: { option: 'auth', env: 'LIAOBOTS_AUTH', as: (key) => apiKeyHeader('x-auth-code', key) },
      headers: ({ host, origin }) => ({
        authority: host,
        origin,
        referer: `${origin}/`,
        'user-agent': USER_AGENT,
      }),
      ownOptions: { models: true, prompt: true, conversationId: true },
    },
    options,
  )
}

const isModel = (model: unknown): boolean =>
  isRecord(model) &&
  typeof model.id === 'string' &&
  typeof model.name === 'string' &&
  typeof model.maxLength === 'number' &&
  typeof model.tokenLimit === 'number'
