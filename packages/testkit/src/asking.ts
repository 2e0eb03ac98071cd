import type { CallOptions, ChatEvent, ChatRequest, Provider, ProviderOptions } from '@rivulet/core'
import type { Play } from './byte-server.ts'
import type { Script } from './exchange.ts'
import type { LawContext } from './law.ts'
import { readAll, type Reading, within } from './reading.ts'

export interface Asking {
  /** @default the subject's */
  request?: ChatRequest | undefined
  call?: CallOptions | undefined
  options?: ProviderOptions | undefined
}

/** The provider of a law's subject, with its requests going to a play. */
export function providerAt(context: LawContext, baseUrl: string, options: ProviderOptions = {}): Provider {
  const provider = bareProviderAt(context, baseUrl, options)
  return context.subject.wrap?.(provider) ?? provider
}

/** The same without what the subject puts around it: a member of a group. */
export function bareProviderAt(
  { subject, transport }: LawContext,
  baseUrl: string,
  options?: ProviderOptions | undefined,
): Provider {
  return subject.provider({ baseUrl, transport, ...options })
}

/** A play of the script, and a stream that will ask it. */
export function ask(
  context: LawContext,
  script: Script,
  { request, call, options }: Asking = {},
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
  asking: Asking = {},
): Promise<Reading & { readonly play: Play }> {
  const { play, stream } = ask(context, script, asking)
  const reading = await within(context.patienceMs, what, readAll(stream))
  return { ...reading, play }
}

/** As many at a time as keep a socket each busy without waiting for each other. */
const AT_ONCE = 8

/** Does the same with each item, some at a time. The first failure ends it. */
export async function forEach<T>(items: Iterable<T>, act: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]()
  let failed = false
  const work = async (): Promise<void> => {
    for (let item = queue.next(); item.done !== true && !failed; item = queue.next()) {
      await act(item.value).catch((error: unknown) => {
        failed = true
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
