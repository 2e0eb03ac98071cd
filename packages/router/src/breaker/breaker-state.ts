import type { ChatError, ErrorCode } from '@rivulet/core'
import { CODES, isRecord } from '@rivulet/core/provider'
import { isAccountFault } from '../engine/failure-class.ts'

/** What a breaker knows of its member, as plain JSON, so that a shared store can keep it. Times are the clock's milliseconds. */
export interface BreakerState {
  /** The calls in the window, oldest first. */
  seen: readonly Seen[]
  /** How often in a row the breaker opened. */
  trips: number
  /** No request goes out before this; after it, one request probes. Absent: the breaker is closed. */
  openUntil?: number | undefined
  /** A probe is under way: no other request goes out before this. */
  leasedUntil?: number | undefined
  /** When a probe closed the breaker. */
  closedAt?: number | undefined
  /** The member's last failure. */
  code?: ErrorCode | undefined
  /** The message of that failure. */
  message?: string | undefined
}

/** A slice of the window. */
interface Seen {
  at: number
  ok: number
  failed: number
}

/** The state that a store gave; `undefined` for anything that is none. A store is written by others, and shared. */
export function readState(given: unknown): BreakerState | undefined {
  if (!isRecord(given)) return undefined
  const { seen, trips, openUntil, leasedUntil, closedAt, code, message } = given
  const isSound =
    Array.isArray(seen) &&
    seen.every((slice) => isRecord(slice) && [slice.at, slice.ok, slice.failed].every(Number.isFinite)) &&
    [trips, openUntil ?? 0, leasedUntil ?? 0, closedAt ?? 0].every(Number.isFinite) &&
    (code === undefined || (typeof code === 'string' && Object.hasOwn(CODES, code))) &&
    (message === undefined || typeof message === 'string')
  // Each field was checked.
  return isSound ? (given as unknown as BreakerState) : undefined
}

/** When a breaker opens, and for how long. All in milliseconds but `failures` and `ratio`. */
export interface Limits {
  failures: number
  ratio: number
  windowMs: number
  cooldownMs: number
  maxCooldownMs: number
  accountCooldownMs: number
  maxRetryAfterMs: number
}

export type Phase = 'closed' | 'open' | 'half-open'

const SLICES = 10

export function phaseOf(state: BreakerState | undefined, now: number): Phase {
  if (state?.openUntil === undefined) return 'closed'
  return now < state.openUntil ? 'open' : 'half-open'
}

/** The state after a failure. `probe`: of the probing request. */
export function afterFailure(
  before: BreakerState | undefined,
  error: ChatError,
  limits: Limits,
  now: number,
  probe: boolean,
): BreakerState {
  const { code, message } = error
  const state: BreakerState = { ...(before ?? { seen: [], trips: 0 }), code, message }
  const skipMs = skipOf(error, limits)
  if (state.openUntil !== undefined && !probe) {
    // It began before the breaker opened: news only when it says for how long to wait.
    if (skipMs !== undefined) state.openUntil = Math.max(state.openUntil, now + skipMs)
    return state
  }
  state.seen = counted(state.seen, 0, 1, now, limits)
  if (!probe && skipMs === undefined && !isTooMuch(state.seen, limits)) return state
  return opened(state, skipMs, limits, now)
}

/** The state after a success, or `undefined` when there is nothing to keep. */
export function afterSuccess(
  before: BreakerState | undefined,
  limits: Limits,
  now: number,
  probe: boolean,
): BreakerState | undefined {
  if (before === undefined) return undefined
  if (before.openUntil !== undefined) {
    // Only the probe can close it: other requests began before it opened.
    return probe ? { seen: [], trips: before.trips, closedAt: now } : before
  }
  const seen = counted(before.seen, 1, 0, now, limits)
  const isHealthy = seen.every(({ failed }) => failed === 0)
  const isSettled = before.closedAt === undefined || now - before.closedAt >= limits.windowMs
  // A healthy member costs no memory, and no traffic to a shared store.
  return isHealthy && isSettled ? undefined : { ...before, seen }
}

/** The state after a probe that learned nothing: another request may probe. */
export function released(before: BreakerState | undefined): BreakerState | undefined {
  if (before?.leasedUntil === undefined) return before
  const { leasedUntil: _, ...rest } = before
  return rest
}

/**
 * The state with the lease of a probe, or `undefined` when the breaker is not half-open or another request has the lease. For
 * authors of a {@link BreakerStore}, whose `lease()` keeps it in one step.
 */
export function leased(state: BreakerState | undefined, now: number, until: number): BreakerState | undefined {
  if (state === undefined || phaseOf(state, now) !== 'half-open') return undefined
  if (state.leasedUntil !== undefined && now < state.leasedUntil) return undefined
  return { ...state, leasedUntil: until }
}

function opened(state: BreakerState, skipMs: number | undefined, limits: Limits, now: number): BreakerState {
  const { closedAt, leasedUntil: _, ...rest } = state
  // A member that recovers for less than a window has not recovered.
  const trips = closedAt === undefined || now - closedAt < limits.windowMs ? state.trips + 1 : 1
  const cooldownMs = Math.min(limits.cooldownMs * 2 ** (trips - 1), limits.maxCooldownMs)
  return { ...rest, seen: [], trips, openUntil: now + (skipMs ?? cooldownMs) }
}

/** For how long a failure opens the breaker at once: as the endpoint asks for, or until the account may have been put right. */
function skipOf(error: ChatError, { accountCooldownMs, maxRetryAfterMs }: Limits): number | undefined {
  const { retryAfterMs } = error
  if (retryAfterMs !== undefined && retryAfterMs > 0) return Math.min(retryAfterMs, maxRetryAfterMs)
  return isAccountFault(error) ? accountCooldownMs : undefined
}

function isTooMuch(seen: readonly Seen[], { failures, ratio }: Limits): boolean {
  const failed = seen.reduce((sum, slice) => sum + slice.failed, 0)
  const all = seen.reduce((sum, slice) => sum + slice.ok, failed)
  return failed >= failures && failed >= ratio * all
}

/** The slices with one more call in the last; those outside the window are forgotten. */
function counted(
  seen: readonly Seen[],
  ok: number,
  failed: number,
  now: number,
  { windowMs }: Limits,
): readonly Seen[] {
  const kept = seen.filter(({ at }) => now - at < windowMs)
  const last = kept.at(-1)
  if (last === undefined || now - last.at >= windowMs / SLICES) return [...kept, { at: now, ok, failed }]
  return [...kept.slice(0, -1), { at: last.at, ok: last.ok + ok, failed: last.failed + failed }]
}
