import { type ChatRequest, type ChatResult, collect, type Provider, type ProviderOptions } from '@rivulet/core'
import type { WrittenExchange } from './playable.ts'
import { recordRequests, type RequestRecorder } from './record-requests.ts'
import { replay } from './replay.ts'

/** The answer of an endpoint, whatever the request. A fixture is one. */
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

/** A provider whose endpoint gives every request the same answer, and the requests that it sent. */
export interface Answered extends RequestRecorder {
  readonly provider: Provider
  /** The result of this request: the answer, decoded. Rejects as the stream does. */
  readonly resultOf: (request: ChatRequest) => Promise<ChatResult>
  /** The body that is sent for this request, as JSON. */
  readonly bodyOf: (request: ChatRequest) => Promise<Record<string, unknown>>
}

/**
 * A provider whose every request gets the same answer, and what it sends. Nothing goes over a network.
 *
 * @param provider Makes the provider; it has to pass these options on.
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
  const recorder = recordRequests(replay(exchange))
  const made = provider({ transport: recorder.transport })
  const resultOf = (asked: ChatRequest): Promise<ChatResult> => collect(made.stream(asked))
  const bodyOf = async (asked: ChatRequest): Promise<Record<string, unknown>> => {
    await resultOf(asked)
    return recorder.lastBody()
  }
  return { ...recorder, provider: made, resultOf, bodyOf }
}
