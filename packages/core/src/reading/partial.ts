import type { ChatResult } from '../chat.ts'
import { ChatError } from '../errors.ts'

/** Partial answers by abort reason: a reason is the caller's own object, so nothing is added to it. */
const partials = new WeakMap<object, ChatResult>()

/** Attaches a partial answer to what a stream throws. A `ChatError` keeps the first one that is attached. */
export function keepPartial(reason: unknown, partial: ChatResult): void {
  if (reason instanceof ChatError) reason.partial ??= partial
  else if (typeof reason === 'object' && reason !== null) partials.set(reason, partial)
}

/**
 * The part of the answer that had arrived when a stream failed or was aborted, found by what the stream threw; `undefined` if
 * nothing had arrived. For a reason that aborted several streams, it is that of the last one.
 *
 * @example
 * try {
 *   await collect(provider.stream(request, { signal: AbortSignal.timeout(5_000) }))
 * } catch (error) {
 *   console.log(partialOf(error)?.text)
 * }
 */
export function partialOf(error: unknown): ChatResult | undefined {
  if (error instanceof ChatError) return error.partial
  return typeof error === 'object' && error !== null ? partials.get(error) : undefined
}
