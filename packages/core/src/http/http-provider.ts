import type { Authorization } from './authorization.ts'
import { checkOptions, must } from '../check/check.ts'
import { checkCall, checkRequest } from '../check/check-request.ts'
import { type Encoded, Endpoint } from './endpoint.ts'
import { ChatError } from '../errors.ts'
import { askJson } from './ask-json.ts'
import { HttpAnswer } from './http-answer.ts'
import { type Deadlines, deadlines, limitsOf } from '../layers/deadlines.ts'
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
import { defaultTransport } from '#transport'

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

/** What makes an endpoint a provider: data, and the two pure functions of its dialect. */
export interface HttpProviderSpec {
  id: string
  info: ProviderInfo
  protocol: Protocol
  /** The default of {@link ProviderOptions.baseUrl}. */
  baseUrl: string
  /** The credential; `undefined` when the caller has none. */
  authorize?: Authorization | undefined
  /** How to give a credential, for the error when one is required: `'the auth option or LIAOBOTS_AUTH'`. */
  credential?: string | undefined
  /** Sent with every request; a function when they depend on the base URL. */
  headers?: (Record<string, string> | ((baseUrl: URL) => Record<string, string>)) | undefined
  /** How to ask the endpoint what it serves: gives the provider its `models()`. `read` gives nothing for another document. */
  models?: { path: string; read: (document: unknown) => Model[] | undefined }
  /** How to ask for embeddings: gives the provider its `embed()`. */
  embeddings?: {
    encode: (request: EmbedRequest) => EncodedRequest
    read: (document: unknown) => EmbedResult | undefined
  }
  /** Layers of the provider's own, below its deadlines: what they ask again has no fresh clock. */
  layers?: readonly Layer[] | undefined
  /** Options of this factory beside those of {@link ProviderOptions}. */
  ownOptions?: readonly string[] | undefined
}

const OPTIONS = ['baseUrl', 'headers', 'transport', 'deadlines', 'unsupported']

/**
 * An endpoint as a provider. Holds the only loop that does I/O, so that aborting, truncation, error mapping and secrets
 * are written once, and a provider's author can't forget them.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * const provider = httpProvider({ id: 'acme', info, protocol: chatCompletions(), baseUrl: 'https://api.acme.example/v1' }, options)
 */
export function httpProvider(spec: HttpProviderSpec, options: ProviderOptions = {}): Provider {
  const { id, info, protocol, authorize, models, embeddings } = spec
  const who = info.name
  checkOptions(id, options, [...(spec.ownOptions ?? []), ...OPTIONS])
  const unsupported: unknown = options.unsupported ?? 'reject'
  must(unsupported === 'reject' || unsupported === 'ignore', `${id}: unsupported`, "'reject' or 'ignore'", unsupported)
  const { transport = defaultTransport() } = options
  must(typeof transport === 'function', `${id}: transport`, 'a function, as fetchTransport() gives', transport)
  const endpoint = new Endpoint({
    id,
    baseUrl: options.baseUrl ?? spec.baseUrl,
    authorize,
    wireHeaders: spec.headers,
    headers: options.headers,
    transport,
  })
  const { totalMs } = limitsOf(options.deadlines)
  const missing =
    info.auth === 'required' && authorize === undefined
      ? new ChatError('auth', `no credential. Give ${spec.credential ?? 'the apiKey option'}.`)
      : undefined

  const provider: Provider = {
    id,
    info,
    stream(request, call) {
      const callHeaders = checkCall(who, call)
      const checked = checkRequest(info, request, unsupported)
      const http = written(() => endpoint.request(who, protocol.encode(checked), callHeaders))
      const exchange = { endpoint, model: checked.model, protocol, http, call }
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
    const http = written(() => endpoint.request(id, encode(), checkCall(id, call)))
    return askJson(endpoint, protocol, http, read, call, totalMs)
  }

  /** What the world would refuse anyway is a failure of the stream, so that a group can go on to its next member. */
  function written<T>(write: () => T): T | ChatError {
    try {
      return missing ?? write()
    } catch (error) {
      if (error instanceof ChatError) return error
      throw error
    }
  }
}
