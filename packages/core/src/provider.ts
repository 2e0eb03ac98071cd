import type { ChatEvent, ChatRequest } from './chat.ts'
import type { ChatError } from './errors.ts'
import type { Setting } from './check/settings.ts'
import type { RecordedExchange } from './http/exchange-recorder.ts'

/** Anything that answers a chat: an endpoint, a group of endpoints, a model in this process. */
export interface Provider {
  /** Short and stable: `'lockchat'`. */
  readonly id: string
  /** What it says about itself. */
  readonly info: ProviderInfo
  /**
   * Asks once. A caller's mistake is a `TypeError` at the call; everything else comes from the stream. Nothing is sent
   * before the first read. `break` closes the connection.
   */
  stream(request: ChatRequest, options?: CallOptions): AsyncIterable<ChatEvent>
  /** Asks the endpoint what it serves; absent where it can't be asked. */
  models?(options?: CallOptions): Promise<Model[]>
  /** Texts as vectors; absent where the endpoint has none. */
  embed?(request: EmbedRequest, options?: CallOptions): Promise<EmbedResult>
}

export interface EmbedRequest {
  model: string
  /** At least one. */
  input: readonly string[]
  /** The length of each vector, where the model lets it be chosen. */
  dimensions?: number | undefined
}

export interface EmbedResult {
  /** One for each input, in its order. */
  vectors: number[][]
  /** In tokens, where the endpoint reports it. */
  inputTokens?: number | undefined
}

export interface ProviderInfo {
  /** For people: `'Lockchat'`. */
  name: string
  /** Home page or base URL. */
  url: string
  auth: 'none' | 'optional' | 'required'
  /** Whether the endpoint can answer piece by piece. */
  streaming: boolean
  models: readonly Model[]
  /** The request fields that it honours. */
  settings: readonly Setting[]
  /** An answer goes on from a last message of the assistant's. @default false */
  prefill?: boolean | undefined
}

export interface Model {
  /** What {@link ChatRequest.model} names. */
  id: string
  /** For people. */
  name?: string | undefined
  /** The longest conversation, answer included, in tokens. */
  contextTokens?: number | undefined
  /** The longest answer, in tokens. */
  outputTokens?: number | undefined
  /** What it reads. @default unknown */
  inputs?: readonly ('text' | 'image' | 'file')[] | undefined
  /** Whether it calls tools. @default unknown */
  tools?: boolean | undefined
  /** Whether it thinks before it answers. @default unknown */
  reasoning?: boolean | undefined
  /** @default unknown: absent, never 0 */
  price?: Price | undefined
}

/** US dollars per million tokens, for a request that is answered at once. See `docs/decisions/price-tiers.md`. */
export interface Price {
  input: number
  output: number
  /** For input that is read from the provider's cache. @default as `input` */
  cachedInput?: number | undefined
  /** The longest prompt that it holds for, in tokens: a longer one costs more, all of it. @default any */
  upToInputTokens?: number | undefined
}

export interface CallOptions {
  /** Ends the call: the stream rejects with `signal.reason` and the connection is closed. */
  signal?: AbortSignal | undefined
  /** Sent with this request only, merged over the provider's own. */
  headers?: Record<string, string> | undefined
  /** Called when the wait for a connection begins, by who will call `onConnect` when it is over. */
  onConnecting?: (() => void) | undefined
  /** Called when there is a connection and the request goes out on it, where the transport can tell. */
  onConnect?: (() => void) | undefined
  /**
   * How long this call has been under way, in milliseconds: a layer or a group that asks again says it, so that another
   * attempt has no fresh clock. @default 0
   */
  elapsedMs?: number | undefined
  /** Gives each frame as it came, as `raw` events before what is read out of it. @default false */
  raw?: boolean | undefined
  /** Told of each attempt of a layer or a group that asks more than once, when it is over. See `observe()`. */
  onAttempt?: ((attempt: AttemptReport) => void) | undefined
  /** Told of each HTTP exchange when it begins; resolves when it is over, without its secrets. See `record()`. */
  onExchange?: ((exchange: Promise<RecordedExchange>) => void) | undefined
}

/** One attempt of a layer or a group that asks more than once. Times are in milliseconds. */
export interface AttemptReport {
  /** Id of the member that was asked. */
  provider: string
  /** `'superseded'`: another was quicker. `'cancelled'`: its reader left or aborted before it was over. */
  outcome: 'answered' | 'failed' | 'superseded' | 'cancelled'
  /** Why it failed. */
  error?: ChatError | undefined
  /** From the beginning of the call to the beginning of this attempt. */
  startedMs: number
  /** From the beginning of this attempt to its first content; absent when there was none. */
  firstTokenMs?: number | undefined
  /** How long this attempt took. */
  totalMs: number
}

/** A provider around a provider: retries, deadlines, another model name. */
export type Layer = (next: Provider) => Provider

/**
 * Puts layers around a provider; the last one named is the outermost.
 *
 * @example
 * const steady = pipe(lockchat(), retry({ attempts: 3 }), deadlines({ totalMs: 60_000 }))
 */
export function pipe(provider: Provider, ...layers: Layer[]): Provider {
  return layers.reduce((next, layer) => layer(next), provider)
}

/**
 * What a provider supports, as a line of prose.
 *
 * @example
 * describeProvider(lockchat())
 * // 'Lockchat supports: (model: string, messages: Message[], stream: boolean, temperature: number = 0.7)'
 */
export function describeProvider(provider: Provider): string {
  const settings = provider.info.settings.map(({ name, type, default: value }) =>
    value === undefined ? `${name}: ${type}` : `${name}: ${type} = ${JSON.stringify(value)}`,
  )
  return `${provider.info.name} supports: (${settings.join(', ')})`
}
