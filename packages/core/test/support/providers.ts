import type { ChatEvent, ChatRequest } from '../../src/chat.ts'
import type { ErrorCode } from '../../src/error-codes.ts'
import { ChatError } from '../../src/errors.ts'
import { httpProvider, type HttpProviderSpec, type ProviderOptions } from '../../src/http/http-provider.ts'
import type { CallOptions, Provider, ProviderInfo } from '../../src/provider.ts'
import { settings } from '../../src/check/settings.ts'
import type { Transport } from '../../src/transport.ts'
import { fetchTransport } from '../../src/transport/fetch.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import { plain } from './plain.ts'

export const hello: ChatRequest = { model: 'm1', messages: [{ role: 'user', content: 'Hello' }] }

export const info: ProviderInfo = {
  name: 'Acme',
  url: 'https://acme.example',
  auth: 'none',
  streaming: true,
  models: [{ id: 'm1' }],
  settings: settings({ stream: undefined, temperature: undefined, tools: undefined, maxTokens: undefined }),
}

/** Both transports: every test must pass over either. */
export const transports: [name: string, open: () => Transport][] = [
  ['undici', () => undiciTransport()],
  ['fetch', () => fetchTransport()],
]

/** A provider that speaks the plain dialect. */
export function acme(
  baseUrl: string,
  options: ProviderOptions = {},
  spec: Partial<Omit<HttpProviderSpec, 'baseUrl'>> = {},
): Provider {
  return httpProvider({ id: 'acme', info, protocol: plain, ...spec, baseUrl }, options)
}

/** A foreign provider, without batches: its answer is a generator. */
export function local(
  answer: (call: CallOptions | undefined, request: ChatRequest) => AsyncGenerator<ChatEvent>,
): Provider {
  return { id: 'local', info, stream: (request, call) => answer(call, request) }
}

export const start: ChatEvent = { type: 'start', provider: 'local', model: 'm1' }
export const finish: ChatEvent = { type: 'finish', reason: 'stop' }
export const textEvent = (text: string): ChatEvent => ({ type: 'text', text })

export async function eventsOf(stream: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const events: ChatEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

/** The reason with which a promise rejects. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (reason) {
    return reason
  }
  throw new Error('nothing was thrown')
}

/** The `ChatError` that a promise rejects with. */
export async function failure(promise: Promise<unknown>, code: ErrorCode): Promise<ChatError> {
  const reason = await rejection(promise)
  if (!(reason instanceof ChatError)) throw new Error('not a ChatError', { cause: reason })
  if (reason.code !== code) throw new Error(`expected "${code}", got "${reason.code}"`, { cause: reason })
  return reason
}

/** Reads a stream until it fails. Returns the events before the failure, and the failure. */
export async function readUntilFailure(
  stream: AsyncIterable<ChatEvent>,
): Promise<{ events: ChatEvent[]; reason: unknown }> {
  const events: ChatEvent[] = []
  try {
    for await (const event of stream) events.push(event)
  } catch (reason) {
    return { events, reason }
  }
  throw new Error('the stream ended without a failure')
}
