import {
  type ChatRequest,
  type ChatResult,
  collect,
  type HttpRequest,
  type Provider,
  type ProviderOptions,
  type Transport,
} from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import type { WrittenExchange } from './playable.ts'
import { replay } from './replay.ts'

/** A transport that keeps what it sends. */
export interface Listening {
  readonly transport: Transport
  /** Oldest first. The list is live. */
  readonly sent: readonly HttpRequest[]
  /**
   * The body that was sent last.
   *
   * @throws TypeError when it is no JSON object, or nothing was sent.
   */
  readonly lastBody: () => Record<string, unknown>
}

/**
 * Listens to what goes through a transport, and changes nothing.
 *
 * @example
 * const { transport, sent } = listening(fetchTransport())
 * await collect(acme({ transport }).stream(request))
 * expect(sent[0]?.headers).toHaveProperty('x-api-key')
 */
export function listening(transport: Transport): Listening {
  const sent: HttpRequest[] = []
  return {
    transport: (request, options) => {
      sent.push(request)
      return transport(request, options)
    },
    sent,
    lastBody() {
      const last = sent.at(-1)
      const body: unknown = last?.body === undefined ? undefined : JSON.parse(last.body)
      if (!isRecord(body))
        throw new TypeError(`listening: ${last ? 'the last body is no JSON object' : 'nothing sent'}.`)
      return body
    },
  }
}

/** What an endpoint says, whatever it is asked. A fixture is one. */
export interface GivenAnswer {
  /** @default 'application/json' */
  contentType?: string | undefined
  body: Uint8Array | string
  /** @default 200 */
  status?: number | undefined
  /** Names in lower case. */
  headers?: Readonly<Record<string, string>> | undefined
  /** What the request must be, as for {@link replay}. @default anything */
  request?: NonNullable<WrittenExchange['request']> | undefined
}

/** A provider whose endpoint gives one answer to everything, and what it was asked. */
export interface Answered extends Listening {
  readonly provider: Provider
  /** What becomes of the answer to this request. */
  readonly resultOf: (request: ChatRequest) => Promise<ChatResult>
  /** What is sent for this request, as JSON. */
  readonly bodyOf: (request: ChatRequest) => Promise<Record<string, unknown>>
}

/**
 * A provider that is given one answer, again and again, and what it sends. Nothing goes over a network.
 *
 * @param provider Makes it with these options: hand them on.
 * @example
 * const { bodyOf, resultOf } = answered(fixture('text.sse'), (options) => acme({ apiKey: 'secret', ...options }))
 * expect(await bodyOf({ ...request, seed: 7 })).toMatchObject({ random_seed: 7 })
 * expect(await resultOf(request)).toMatchObject({ text: 'Hello!', reason: 'stop' })
 */
export function answered(answer: GivenAnswer, provider: (options: ProviderOptions) => Provider): Answered {
  const { contentType = 'application/json', body, status = 200, headers = {}, request } = answer
  const exchange: WrittenExchange = {
    status,
    headers: { 'content-type': contentType, ...headers },
    chunks: [body],
    ...(request !== undefined && { request }),
  }
  const heard = listening(replay(exchange))
  const made = provider({ transport: heard.transport })
  const resultOf = (asked: ChatRequest): Promise<ChatResult> => collect(made.stream(asked))
  const bodyOf = async (asked: ChatRequest): Promise<Record<string, unknown>> => {
    await resultOf(asked)
    return heard.lastBody()
  }
  return { ...heard, provider: made, resultOf, bodyOf }
}
