import type { CallOptions, ChatEvent, ChatRequest, Provider, ProviderOptions } from '@rivulet/core'
import type { Play } from './byte-server.ts'
import type { Script } from './exchange.ts'
import type { HttpAnswer } from './http-bytes.ts'
import type { LawContext } from './law.ts'
import { readAll, type Reading, within } from './reading.ts'
import { replay } from './replay.ts'

export interface AskOptions {
  /** @default the subject's */
  request?: ChatRequest | undefined
  call?: CallOptions | undefined
  options?: ProviderOptions | undefined
}

/** The provider of a law's subject, sending its requests to a play. */
export function providerAt(context: LawContext, baseUrl: string, options: ProviderOptions = {}): Provider {
  const provider = bareProviderAt(context, baseUrl, options)
  return context.subject.wrap?.(provider) ?? provider
}

/** The same without the subject's `wrap`: a member of a group. */
export function bareProviderAt(
  { subject, transport }: LawContext,
  baseUrl: string,
  options: ProviderOptions = {},
): Provider {
  return subject.provider({ baseUrl, transport, ...options })
}

/** Plays the script, and gives a stream that sends its request there when it is read. */
export function ask(
  context: LawContext,
  script: Script,
  { request, call, options }: AskOptions = {},
): { play: Play; stream: AsyncIterable<ChatEvent> } {
  const play = context.server.play(script)
  const provider = providerAt(context, play.baseUrl, options)
  return { play, stream: provider.stream(request ?? context.subject.request, call) }
}

/** Asks and reads to the end, or to the failure. */
export async function askAndRead(
  context: LawContext,
  what: string,
  script: Script,
  options: AskOptions = {},
): Promise<Reading & { readonly play: Play }> {
  const { play, stream } = ask(context, script, options)
  const reading = await within(context.patienceMs, what, readAll(stream))
  return { ...reading, play }
}

/**
 * Reads an answer that arrives in these pieces, each a read of its own, without a connection: for laws about decoding with very many
 * pieces, which a socket would only slow down and could join.
 */
export async function readInPieces(
  context: LawContext,
  what: string,
  { status = 200, contentType, headers }: HttpAnswer,
  pieces: readonly Uint8Array[],
  request: ChatRequest,
): Promise<Reading> {
  const transport = replay({ status, headers: { ...headers, 'content-type': contentType }, chunks: pieces })
  const stream = providerAt(context, context.server.url, { transport }).stream(request)
  return await within(context.patienceMs, what, readAll(stream))
}
