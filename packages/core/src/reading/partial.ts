import type { ChatResult } from '../chat.ts'
import { ChatError } from '../errors.ts'

/** One reason has aborted several streams: whose answer is meant, nobody can tell. */
const AMBIGUOUS = Symbol('ambiguous')

/** Partial answers by abort reason: a reason is the caller's own object, so nothing is added to it. */
const partials = new WeakMap<object, ChatResult | typeof AMBIGUOUS>()

/** Reasons that were made for one stream: its partial answer goes onto them. */
const ownReasons = new WeakMap<object, ChatError>()

/** Marks an error with which a layer aborts the one stream that it reads. */
export function ownReason(error: ChatError): ChatError {
  ownReasons.set(error, error)
  return error
}

/** Whether an error was made by a layer, such as `deadlines()`, to abort the one stream that it reads. */
export const isOwnReason = (reason: unknown): boolean => ownReasons.has(reason as object)

/**
 * Keeps the partial answer of a stream that was aborted, for {@link partialOf}. A reason that the caller made is never changed,
 * and one that aborts several streams gives the answer of none: one user's text must not be in another's error.
 */
export function keepPartial(reason: unknown, partial: ChatResult): void {
  if (typeof reason !== 'object' || reason === null) return
  const own = ownReasons.get(reason)
  if (own !== undefined) own.partial ??= partial
  else partials.set(reason, partials.has(reason) ? AMBIGUOUS : partial)
}

/** Replaces what a member of a group kept for this reason by what the reader of the group has. */
export function replacePartial(reason: unknown, partial: ChatResult): void {
  if (typeof reason !== 'object' || reason === null) return
  const own = ownReasons.get(reason)
  if (own !== undefined) own.partial = partial
  else if (partials.get(reason) !== AMBIGUOUS) partials.set(reason, partial)
}

/**
 * The part of the answer that had arrived when a stream failed or was aborted, found by what the stream threw; `undefined` if
 * nothing had arrived, and for a reason that aborted several streams: give each its own to tell them apart.
 *
 * @example
 * try {
 *   await collect(provider.stream(request, { signal: AbortSignal.timeout(5_000) }))
 * } catch (error) {
 *   console.log(partialOf(error)?.text)
 * }
 */
export function partialOf(error: unknown): ChatResult | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const kept = partials.get(error)
  if (kept !== undefined) return kept === AMBIGUOUS ? undefined : kept
  return error instanceof ChatError ? error.partial : undefined
}

/**
 * A failure with what its reader has: of an attempt that goes on with an answer, or begins it again, its own part is not that.
 */
export function withPartial(failure: ChatError, partial: ChatResult | undefined): ChatError {
  const own = failure.partial
  if (partial === undefined || (own?.text === partial.text && own.usage === partial.usage)) return failure
  const { code, message, provider, status, retryAfterMs, attempts } = failure
  return new ChatError(code, message, { provider, status, retryAfterMs, attempts, partial, cause: failure })
}
