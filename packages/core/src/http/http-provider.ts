import { defaultTransport } from '#transport'
import { checkCall, checkRequest } from '../check/check-request.ts'
import { checkOptions, must } from '../check/check.ts'
import { ChatError } from '../errors.ts'
import { deadlines } from '../layers/deadlines.ts'
import type { Deadlines } from '../layers/limits.ts'
import type { EncodedRequest, Protocol } from '../protocol.ts'
import {
  type CallOptions,
  type EmbedRequest,
  type EmbedResult,
  type Layer,
  type Model,
  pipe,
  type Provider,
  type ProviderInfo,
} from '../provider.ts'
import { chatStream } from '../stream.ts'
import type { Transport } from '../transport.ts'
import { askJson } from './ask-json.ts'
import type { Authorization, Authorize } from './authorization.ts'
import { type ApiKey, apiKeyOf, whereToGiveIt } from './credential.ts'
import { type Encoded, Endpoint } from './endpoint.ts'
import { HttpAnswer } from './http-answer.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import { withProvider } from './with-provider.ts'

/** The options that every provider's factory takes, under these names and no others. */
export interface ProviderOptions {
  /**
   * Scheme, host and path prefix of the endpoint; a trailing slash is tolerated. @default the provider's own
   * @example 'http://127.0.0.1:4010/lockchat'
   */
  baseUrl?: string | undefined
  /** Sent with every request, merged last: they replace the provider's own. */
  headers?: Record<string, string> | undefined
  /** How requests are sent. @default undici on Node, `fetch` elsewhere; an own connection pool for each provider */
  transport?: Transport | undefined
  /** How long to wait for what, in milliseconds. @default see {@link Deadlines} */
  deadlines?: Deadlines | undefined
  /** What happens to a request field that the provider does not honour. @default 'reject': a `TypeError` */
  unsupported?: 'reject' | 'ignore' | undefined
}

/** The options that a factory takes beside the common ones and its credential. */
type OwnOption<Options> = Exclude<keyof Options, keyof ProviderOptions | 'apiKey' | 'auth'>

/** Every one of them, by type: an option that is added to the factory's type and not here does not compile. */
type OwnOptions<Options> = [OwnOption<Options>] extends [never]
  ? { ownOptions?: undefined }
  : { ownOptions: Readonly<Record<OwnOption<Options>, true>> }

/** What makes an endpoint a provider: data, and the pure functions of its dialect. */
export type HttpProviderSpec<Options extends ProviderOptions = ProviderOptions> = OwnOptions<Options> & {
  id: string
  info: ProviderInfo
  protocol: Protocol
  /** The default of {@link ProviderOptions.baseUrl}. */
  baseUrl: string
  /** A key as the credential: the factory's option that takes it, the environment's variable, and where it goes. */
  apiKey?: ApiKey | undefined
  /** Any other credential, or one that a login gives. Most providers need {@link HttpProviderSpec.apiKey} alone. */
  authorize?: Authorization | Authorize | undefined
  /** Sent with every request; a function when they depend on the base URL. */
  headers?: Record<string, string> | ((baseUrl: URL) => Record<string, string>) | undefined
  /** How to ask the endpoint what it serves: gives the provider its `models()`. `read` gives nothing for another document. */
  models?: { path: string; read: (document: unknown) => Model[] | undefined } | undefined
  /** How to ask for embeddings: gives the provider its `embed()`. */
  embeddings?:
    | {
        encode: (request: EmbedRequest) => EncodedRequest
        read: (document: unknown) => EmbedResult | undefined
      }
    | undefined
  /** Layers of the provider's own, below its deadlines: an attempt that they make again has no fresh clock. */
  layers?: readonly Layer[] | undefined
}

const OPTIONS: Readonly<Record<keyof ProviderOptions, true>> = {
  baseUrl: true,
  headers: true,
  transport: true,
  deadlines: true,
  unsupported: true,
}

/**
 * An endpoint as a provider. Holds the only loop that does I/O, so that aborting, truncation, error mapping and secrets
 * are written once, and a provider's author can't forget them.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const provider = httpProvider({ id: 'acme', info, protocol: chatCompletions(), baseUrl: 'https://api.acme.example/v1' }, options)
 */
export function httpProvider<Options extends ProviderOptions>(
  spec: HttpProviderSpec<Options>,
  // A factory whose options may all be left out may leave all of them out.
  options: Options = {} as Options,
): Provider {
  const { id, info, protocol, models, embeddings, apiKey } = spec
  const who = info.name
  checkOptions(id, options, { ...(apiKey && { [apiKey.option ?? 'apiKey']: true }), ...spec.ownOptions, ...OPTIONS })
  const unsupported: unknown = options.unsupported ?? 'reject'
  must(unsupported === 'reject' || unsupported === 'ignore', `${id}: unsupported`, "'reject' or 'ignore'", unsupported)
  const { transport = defaultTransport() } = options
  must(typeof transport === 'function', `${id}: transport`, 'a function, as fetchTransport() gives', transport)
  const authorize = spec.authorize ?? (apiKey && apiKeyOf(id, apiKey, options))
  const endpoint = new Endpoint({
    id,
    baseUrl: options.baseUrl ?? spec.baseUrl,
    authorize,
    wireHeaders: spec.headers,
    headers: options.headers,
    transport,
  })
  const missing =
    info.auth === 'required' && authorize === undefined
      ? new ChatError('auth', `no credential. Give ${whereToGiveIt(apiKey)}.`)
      : undefined

  const provider: Provider = {
    id,
    info,
    stream(request, call) {
      const callHeaders = checkCall(who, call)
      const checked = checkRequest(info, request, unsupported)
      const ready = prepared(() => endpoint.request(who, protocol.encode(checked), callHeaders))
      const exchange = { endpoint, model: checked.model, protocol, request: ready, call }
      return chatStream(call?.signal, () => new HttpAnswer(exchange))
    },
    ...(models !== undefined && {
      models: (call) => ask(() => ({ method: 'GET', path: models.path }), models.read, call),
    }),
    ...(embeddings !== undefined && {
      embed: (request, call) => ask(() => embeddings.encode(request), embeddings.read, call),
    }),
  }
  return pipe(provider, ...(spec.layers ?? []), deadlines(options.deadlines))

  async function ask<T>(
    encode: () => Encoded,
    read: (document: unknown) => T | undefined,
    call: CallOptions | undefined,
  ): Promise<T> {
    const request = prepared(() => endpoint.request(id, encode(), checkCall(id, call)))
    if (request instanceof ChatError) throw withProvider(id, request, [])
    return askJson(endpoint, protocol, request, read, call)
  }

  /** What the endpoint would refuse anyway is a failure of the stream, so that a group can ask its next member. */
  function prepared(prepare: () => OutgoingRequest): OutgoingRequest | ChatError {
    try {
      return missing ?? prepare()
    } catch (error) {
      if (error instanceof ChatError) return error
      throw error
    }
  }
}
