import type { ChatResult } from '../chat.ts'
import { ChatError } from '../errors.ts'

/** A caller's abort reason is the caller's own object: what had arrived is kept beside it and not on it. */
const partials = new WeakMap<object, ChatResult>()

export function keepPartial(reason: unknown, partial: ChatResult): void {
  if (reason instanceof ChatError) reason.partial ??= partial
  else if (typeof reason === 'object' && reason !== null) partials.set(reason, partial)
}

/**
 * What had arrived when a stream failed or was aborted, from what it threw; `undefined` when nothing had. Of a reason that
 * aborted several streams, it is what the last of them had.
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
