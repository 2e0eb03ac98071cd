import { must } from './check/check.ts'
import { isRecord } from './check/is-record.ts'
import type { ChatEvent, ChatRequest, Part, ReasoningEffort, Usage } from './chat.ts'
import type { ChatError } from './errors.ts'
import type { Setting } from './check/settings.ts'
import type { RecordedExchange } from './http/exchange-recorder.ts'
import type { Deadlines } from './layers/limits.ts'

/** Anything that answers a chat: an endpoint, a group of endpoints, a model in this process. */
export interface Provider {
  /** Short and stable: `'lockchat'`. */
  readonly id: string
  /** Facts about it: its name, models and settings. */
  readonly info: ProviderInfo
  /**
   * Sends one request. A caller's mistake throws a `TypeError` at the call; every other failure is thrown by the stream.
   * Nothing is sent before the first read. `break` closes the connection.
   */
  stream(request: ChatRequest, options?: CallOptions): AsyncIterable<ChatEvent>
  /** Lists the models that the endpoint serves; absent where the endpoint has no such list. */
  models?(options?: CallOptions): Promise<Model[]>
  /** Embeds texts as vectors; absent where the endpoint has no embeddings. */
  embed?(request: EmbedRequest, options?: CallOptions): Promise<EmbedResult>
}

/** One of the model names that are known, which an editor offers, or any other. */
export type ModelName<Known extends string> = Known | (string & {})

/**
 * A provider of which the type says more: that it always has `models()` or `embed()`, and the names of its models.
 *
 * @example
 * const acme: ProviderWith<'models' | 'embed', 'acme-1' | 'acme-2'> = openaiCompatible({ baseUrl: 'https://api.acme.example/v1' })
 */
export type ProviderWith<Members extends 'models' | 'embed' = never, Known extends string = string> = Omit<
  Provider,
  'stream'
> &
  Required<Pick<Provider, Members>> & {
    stream(
      request: Omit<ChatRequest, 'model'> & { model: ModelName<Known> },
      options?: CallOptions,
    ): AsyncIterable<ChatEvent>
  }

export interface EmbedRequest {
  /** The name of an embedding model at the provider. */
  model: string
  /** At least one. */
  input: readonly string[]
  /** The length of each vector, if the model supports a choice. @default the model's */
  dimensions?: number | undefined
}

export interface EmbedResult {
  /** One for each input, in its order. */
  vectors: number[][]
  /** In tokens, if the endpoint reports it. */
  inputTokens?: number | undefined
}

export interface ProviderInfo {
  /** Display name: `'Lockchat'`. */
  name: string
  /** Home page or base URL. */
  url: string
  /** Whether it needs a credential. */
  auth: 'none' | 'optional' | 'required'
  /** Whether the endpoint can stream its answer. */
  streaming: boolean
  /** The models that are known, newest or best first; it may serve others. */
  models: readonly Model[]
  /** The request fields that it supports. */
  settings: readonly Setting[]
  /** Whether the answer continues a last message of the assistant's, for models that do not say it themselves. @default false */
  prefill?: Prefill | undefined
  /** The keys of {@link ChatRequest.extra} that it reads: its id and its dialect, or those of its members. @default its id */
  extraKeys?: readonly string[] | undefined
  /**
   * The ids under which it uses {@link CallOptions.credentials}, and where requests with them go: its own, or those of its members.
   * @default none: it uses its own credential whatever a call has
   */
  credentials?: readonly { readonly id: string; readonly baseUrl: string }[] | undefined
}

/**
 * Whether an answer continues a last message of the assistant's; or the efforts at which it does, `'default'` for a request
 * that names none: many models can't while they reason.
 */
export type Prefill = boolean | readonly (ReasoningEffort | 'default')[]

export interface Model {
  /** The value for {@link ChatRequest.model}. */
  id: string
  /** Display name. */
  name?: string | undefined
  /** The longest conversation, answer included, in tokens. */
  contextTokens?: number | undefined
  /** The longest answer, in tokens. */
  outputTokens?: number | undefined
  /** The types of content that it reads. @default unknown */
  inputs?: readonly ContentType[] | undefined
  /** Whether it calls tools. @default unknown */
  tools?: boolean | undefined
  /** Whether it reasons before it answers. @default unknown */
  reasoning?: boolean | undefined
  /** Whether its answer continues a last message of the assistant's. @default that of the provider */
  prefill?: Prefill | undefined
  /** @default unknown: absent, never 0 */
  price?: Price | undefined
}

/** The types of content that a model may read. */
export type ContentType = Extract<Part, { url: string }>['type'] | 'text'

/** US dollars per million tokens, for an ordinary request: no batch, no priority. See `docs/decisions/price-tiers.md`. */
export interface Price {
  /** For input that is read from no cache. */
  input: number
  /** For output, reasoning included. */
  output: number
  /** For input that is read from the provider's cache. @default the price of `input` */
  cachedInput?: number | undefined
  /** For input that is written to the cache. @default the price of `input` */
  cacheWrite?: number | undefined
  /** For input that the cache keeps for an hour. @default the price of `cacheWrite` */
  cacheWrite1h?: number | undefined
  /** The longest prompt that this price holds for, in tokens; a longer one costs more, all of it. @default any length */
  upToInputTokens?: number | undefined
}

export interface CallOptions {
  /** Ends the call: the stream rejects with `signal.reason` and the connection is closed. */
  signal?: AbortSignal | undefined
  /** Sent with this request only, merged over the provider's own. */
  headers?: Record<string, string> | undefined
  /**
   * The caller's own credentials for this call, by the ids of the providers that use them in place of theirs. No other provider
   * gets one, and they are in no message and no recording. One that is refused (`'auth'`) is told to the caller: no member of a
   * group takes the place of its provider, and other callers' calls are not affected.
   * @example { anthropic: 'key-of-the-customer' }
   */
  credentials?: Readonly<Record<string, Credential>> | undefined
  /** Called when the wait for a connection begins, by a transport that calls `onConnect` when it ends. */
  onConnecting?: (() => void) | undefined
  /** Called when a connection is open and the request is sent on it. Not every transport can tell. */
  onConnect?: (() => void) | undefined
  /**
   * How long this call has taken already, in milliseconds. A layer or a group sets it for a later attempt, so that its
   * deadlines count from the first one. @default 0
   */
  elapsedMs?: number | undefined
  /**
   * When the answer was restarted, in milliseconds since the call began: the deadline of the first content counts from there. A
   * layer or a group sets it. @default 0
   */
  restartedMs?: number | undefined
  /**
   * Limits of this call, in place of the provider's. A group shares the time to the first content among its members.
   * @default the provider's
   */
  deadlines?: Deadlines | undefined
  /** What `retry()` or a group does when the answer breaks after its first content, for this call. @default theirs */
  onBreak?: OnBreak | readonly OnBreak[] | undefined
  /** What happens to a request field that a provider does not support, for this call. @default the provider's */
  unsupported?: Unsupported | undefined
  /** Emits each frame as received, in a `raw` event before the events decoded from it. @default false */
  raw?: boolean | undefined
  /** Called after each attempt of a group. */
  onAttempt?: ((attempt: AttemptReport) => void) | undefined
  /** Called when an HTTP exchange begins. The promise resolves, without secrets, when it ends. See `recordExchanges()`. */
  onExchange?: ((exchange: Promise<RecordedExchange>) => void) | undefined
}

/**
 * A key, which goes where the provider's own would go; or a token, as of a subscription, which goes in `authorization: Bearer`
 * whatever place the provider's keys have.
 */
export type Credential = string | { readonly bearer: string }

/**
 * What a reader gets when an answer breaks after its first content: the failure, a `restart` event and a whole new answer, or a
 * `resume` event and the rest of the answer.
 */
export type OnBreak = 'fail' | 'restart' | 'continue'

/**
 * What happens to a request field that a provider does not support: a `TypeError` at the call, or it is left out and named in
 * the `dropped` of the answer's `start`. Tools, a choice of them and a format of the answer are never left out: they are part of
 * what is asked.
 */
export type Unsupported = 'reject' | 'drop'

/** One attempt of a group. Times are in milliseconds. */
export interface AttemptReport {
  /** Id of the member that was asked. */
  provider: string
  /** `'superseded'`: another attempt was faster. `'cancelled'`: the caller closed or aborted the stream before it ended. */
  outcome: 'answered' | 'failed' | 'superseded' | 'cancelled'
  /** Why it failed. */
  error?: ChatError | undefined
  /** What it used, if the provider told: also of an attempt that failed or was cancelled. */
  usage?: Usage | undefined
  /** From the start of the call to the start of this attempt. */
  startedMs: number
  /** From the start of this attempt to its first content; absent when there was none. */
  firstTokenMs?: number | undefined
  /** How long this attempt took. */
  totalMs: number
}

/** Wraps a provider in another one: retries, deadlines, another model name. */
export type Layer = (next: Provider) => Provider

/** What layers keep of a provider, by type: the members that it always has, and the names of its models. */
export type Kept<P extends Provider> = Provider extends P
  ? Provider
  : ProviderWith<Has<P, 'models'> | Has<P, 'embed'>, KnownOf<Parameters<P['stream']>[0]['model']>>

type Has<P extends Provider, Member extends 'models' | 'embed'> = undefined extends P[Member] ? never : Member

/** Of a union of names, those that are known: any other name is one to which every string can be assigned. */
type KnownOf<Name extends string> = Name extends Name ? (string extends Name ? never : Name) : never

/**
 * Wraps a provider in layers; the last one named is the outermost. A layer delegates (`wrap`), so what the type of the provider
 * says of it is true of the result.
 *
 * @example
 * const steady = pipe(lockchat(), retry({ attempts: 3 }), deadlines({ totalMs: 60_000 }))
 */
export function pipe<P extends Provider>(provider: P, ...layers: Layer[]): Kept<P>
export function pipe(provider: Provider, ...layers: Layer[]): Provider {
  must(isRecord(provider) && 'stream' in provider, 'pipe: the provider', 'one, as openai() gives', provider)
  return layers.reduce<Provider>((next, layer) => {
    must(typeof (layer as unknown) === 'function', 'pipe: a layer', 'a function, as retry() gives', layer)
    return layer(next)
  }, provider)
}

/**
 * Describes in one line what a provider supports.
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
