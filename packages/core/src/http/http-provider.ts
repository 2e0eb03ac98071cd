import { defaultTransport } from '#transport'
import { checkEmbed } from '../check/check-embed.ts'
import { checkCall, checkRequest } from '../check/check-request.ts'
import { checkOptions, must } from '../check/check.ts'
import { extraFields, onlyExtra } from '../check/extra.ts'
import { vectorsOf } from '../dialect/vectors.ts'
import { ChatError } from '../errors.ts'
import { deadlines } from '../layers/deadlines.ts'
import { type Deadlines, limitsOf } from '../layers/limits.ts'
import { markAttempts } from '../layers/own-attempts.ts'
import type { EncodedRequest, Opened, Protocol } from '../protocol.ts'
import {
  type CallOptions,
  type EmbedRequest,
  type EmbedResult,
  type Layer,
  type Model,
  pipe,
  type Provider,
  type ProviderInfo,
  type ProviderWith,
  type Unsupported,
} from '../provider.ts'
import { trustedStream } from '../stream.ts'
import type { Transport } from '../transport.ts'
import { askJson } from './ask-json.ts'
import type { Authorization, Authorize } from './authorization.ts'
import { type ApiKey, apiKeyOf, credentialOfCall, credentialSources } from './credential.ts'
import { type Encoded, Endpoint } from './endpoint.ts'
import { HttpAnswer } from './http-answer.ts'
import { listedModels } from './listed-models.ts'
import { withProvider } from './with-provider.ts'

/** The options that every provider's factory takes, always under these names. */
export interface ProviderOptions {
  /**
   * Scheme, host and path prefix of the endpoint; a trailing slash is ignored. @default the provider's own
   * @example 'http://127.0.0.1:4010/lockchat'
   */
  baseUrl?: string | undefined
  /** Sent with every request; they replace the provider's own headers of the same names. */
  headers?: Record<string, string> | undefined
  /** How requests are sent. @default undici on Node with a connection pool per provider, `fetch` elsewhere */
  transport?: Transport | undefined
  /** Time limits in milliseconds. @default see {@link Deadlines} */
  deadlines?: Deadlines | undefined
  /** What happens to a request field that the provider does not support. @default 'reject': a `TypeError` */
  unsupported?: Unsupported | undefined
}

/** The options that a factory takes besides the common ones and its credential. */
type OwnOption<Options> = Exclude<keyof Options, keyof ProviderOptions | 'apiKey' | 'auth'>

/** A complete list by type: an option of the factory's type that is missing here does not compile. */
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
  /** An API key as the credential: the factory's option for it, its environment variable, and its place in the request. */
  apiKey?: ApiKey | undefined
  /** Any other credential, or a function that logs in. Most providers need only {@link HttpProviderSpec.apiKey}. */
  authorize?: Authorization | Authorize | undefined
  /** Sent with every request; a function if they depend on the base URL. */
  headers?: Record<string, string> | ((baseUrl: URL) => Record<string, string>) | undefined
  /** How to list the endpoint's models, for `models()`. `read` returns `undefined` for a document of another shape. */
  models?: { path: string; read: (document: unknown) => Model[] | undefined } | undefined
  /** How to request embeddings, for `embed()`. `read` returns `undefined` for a document of another shape. */
  embeddings?:
    | {
        encode: (request: EmbedRequest) => EncodedRequest
        read: (document: unknown) => EmbedResult | undefined
      }
    | undefined
  /** The provider's own layers, inside its deadlines: an attempt that they repeat does not restart the deadlines. */
  layers?: readonly Layer[] | undefined
}

/** A specification in which these parts are there by type. */
type Having<Part extends 'models' | 'embeddings'> = { [Name in Part]: NonNullable<HttpProviderSpec[Name]> }

const OPTIONS: Readonly<Record<keyof ProviderOptions, true>> = {
  baseUrl: true,
  headers: true,
  transport: true,
  deadlines: true,
  unsupported: true,
}

/**
 * Makes an endpoint a provider. Aborts, truncation, error mapping and secrets are implemented here once, so that a provider's
 * author can't forget them. The type of the result says whether it has `models()` and `embed()`.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const provider = httpProvider({ id: 'acme', info, protocol: chatCompletions(), baseUrl: 'https://api.acme.example/v1' }, options)
 */
export function httpProvider<Options extends ProviderOptions>(
  spec: HttpProviderSpec<Options> & Having<'models' | 'embeddings'>,
  options?: Options,
): ProviderWith<'models' | 'embed'>
export function httpProvider<Options extends ProviderOptions>(
  spec: HttpProviderSpec<Options> & Having<'models'>,
  options?: Options,
): ProviderWith<'models'>
export function httpProvider<Options extends ProviderOptions>(
  spec: HttpProviderSpec<Options>,
  options?: Options,
): Provider
export function httpProvider<Options extends ProviderOptions>(
  spec: HttpProviderSpec<Options>,
  // A factory whose options are all optional may be called without any.
  options: Options = {} as Options,
): Provider {
  const { id, info, protocol, models, embeddings, apiKey } = spec
  const who = info.name
  checkOptions(id, options, { ...(apiKey && { [apiKey.option ?? 'apiKey']: true }), ...spec.ownOptions, ...OPTIONS })
  // As the option of a call that it is the default of.
  checkCall(id, { unsupported: options.unsupported })
  const { transport = defaultTransport() } = options
  must(typeof transport === 'function', `${id}: transport`, 'a function, as fetchTransport() returns', transport)
  const authorize = spec.authorize ?? (apiKey && apiKeyOf(id, apiKey, options))
  const limits = limitsOf(options.deadlines)
  const endpoint = new Endpoint({
    id,
    baseUrl: options.baseUrl ?? spec.baseUrl,
    authorize,
    wireHeaders: spec.headers,
    headers: options.headers,
    transport,
    limits,
  })
  const missing =
    info.auth === 'required' && authorize === undefined
      ? new ChatError('auth', `no credential. Set ${credentialSources(apiKey)}.`)
      : undefined

  /** The fields for the provider take precedence over those for its dialect. */
  const keys = [protocol.dialect, id]
  const provider: Provider = {
    id,
    info: { ...info, extraKeys: keys, credentials: [{ id, baseUrl: endpoint.baseUrl }] },
    stream(request, call) {
      const callHeaders = checkCall(who, call)
      const credential = credentialOfCall(id, apiKey, call)
      const checked = checkRequest(info, request, call?.unsupported ?? options.unsupported ?? 'reject')
      const own = onlyExtra(who, checked.request, keys)
      const asked = own.extra ? { ...own, extra: { [protocol.dialect]: extraFields(own, ...keys) } } : own
      const opened = prepare(() => {
        const inDialect = protocol.open(asked)
        const { http, dropped = [] } = inDialect
        const decode: Opened['decode'] = (emit) => inDialect.decode(emit)
        const outgoing = endpoint.request(who, http, callHeaders, credential)
        return { outgoing, decode, dropped: checked.dropped.concat(dropped) }
      }, credential)
      const exchange = { endpoint, model: asked.model, models: info.models, protocol, opened, call }
      return trustedStream(call?.signal, () => new HttpAnswer(exchange))
    },
    ...(models !== undefined && {
      models: (call) => {
        const read = (document: unknown): Model[] | undefined => {
          const listed = models.read(document)
          return listed && listedModels(listed)
        }
        return ask('models', () => ({ method: 'GET', path: models.path }), read, call)
      },
    }),
    ...(embeddings !== undefined && {
      async embed(request, call) {
        const inputs = checkEmbed(who, request).input.length
        const read = (document: unknown): EmbedResult | undefined => {
          const result = embeddings.read(document)
          return (
            result && {
              ...result,
              vectors: vectorsOf(
                result.vectors.map((vector) => ({ vector })),
                inputs,
              ),
            }
          )
        }
        return ask('embed', () => embeddings.encode(request), read, call)
      },
    }),
  }
  const own = pipe(provider, ...(spec.layers ?? []))
  // What its own layers repeat is a fault of its endpoint's: any other is for callers to retry, as at every provider.
  return pipe(markAttempts(own, undefined), deadlines(options.deadlines))

  async function ask<T>(
    method: 'models' | 'embed',
    encode: () => Encoded,
    read: (document: unknown) => T | undefined,
    call: CallOptions | undefined,
  ): Promise<T> {
    const callHeaders = checkCall(who, call, method)
    const credential = credentialOfCall(id, apiKey, call)
    const request = prepare(() => endpoint.request(who, encode(), callHeaders, credential), credential)
    if (request instanceof ChatError) throw withProvider(id, request, [])
    return askJson(endpoint, protocol, request, read, call)
  }

  /** A request that the endpoint would refuse fails the stream and not the call, so that a group can ask its next member. */
  function prepare<T>(build: () => T, credential: Authorization | undefined): T | ChatError {
    try {
      return credential === undefined && missing !== undefined ? missing : build()
    } catch (error) {
      if (error instanceof ChatError) return error
      throw error
    }
  }
}
