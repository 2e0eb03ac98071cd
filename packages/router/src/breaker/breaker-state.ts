import type { ChatError, ErrorCode } from '@rivulet/core'

/** What is known of a member's health, as plain JSON: a shared store can keep it. Times are the clock's milliseconds. */
export interface BreakerState {
  /** What was seen in the window, oldest first. */
  seen: readonly Seen[]
  /** How often in a row it was opened. */
  trips: number
  /** It is asked nothing before this; behind it, one request tries. Absent: it is closed, and asked like any other. */
  openUntil?: number | undefined
  /** Nobody else tries before this. */
  leasedUntil?: number | undefined
  /** When it was closed again. */
  closedAt?: number | undefined
  /** Its last failure. */
  code?: ErrorCode | undefined
  message?: string | undefined
}

/** A slice of the window. */
interface Seen {
  at: number
  ok: number
  failed: number
}

/** When a member is asked no more, and for how long. All in milliseconds but `failures` and `ratio`. */
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

/** Behind a failure. `probe`: of the one request that tried. */
export function afterFailure(
  before: BreakerState | undefined,
  error: ChatError,
  limits: Limits,
  now: number,
  probe: boolean,
): BreakerState {
  const { code, message } = error
  const state: BreakerState = { ...(before ?? { seen: [], trips: 0 }), code, message }
  const parkMs = parkOf(error, limits)
  if (state.openUntil !== undefined && !probe) {
    // It began before the breaker opened: news only when it says for how long to wait.
    if (parkMs !== undefined) state.openUntil = Math.max(state.openUntil, now + parkMs)
    return state
  }
  state.seen = counted(state.seen, 0, 1, now, limits)
  if (!probe && parkMs === undefined && !isTooMuch(state.seen, limits)) return state
  return opened(state, parkMs, limits, now)
}

/** Behind a success: the state to keep, or `undefined` when nothing needs to be known. */
export function afterSuccess(
  before: BreakerState | undefined,
  limits: Limits,
  now: number,
  probe: boolean,
): BreakerState | undefined {
  if (before === undefined) return undefined
  if (before.openUntil !== undefined) {
    // Only who was let through to try can close it; the others began before it opened.
    return probe ? { seen: [], trips: before.trips, closedAt: now } : before
  }
  const seen = counted(before.seen, 1, 0, now, limits)
  const isSound = seen.every(({ failed }) => failed === 0)
  const isSettled = before.closedAt === undefined || now - before.closedAt >= limits.windowMs
  // A sound member costs no memory, and no traffic to a shared store.
  return isSound && isSettled ? undefined : { ...before, seen }
}

/** Who tried has learned nothing: another may try. */
export function released(before: BreakerState | undefined): BreakerState | undefined {
  if (before?.leasedUntil === undefined) return before
  const { leasedUntil: _, ...rest } = before
  return rest
}

/** The lease of the one request that tries, or `undefined` when another has it. */
export function leased(state: BreakerState | undefined, now: number, until: number): BreakerState | undefined {
  if (state === undefined || phaseOf(state, now) !== 'half-open') return undefined
  if (state.leasedUntil !== undefined && now < state.leasedUntil) return undefined
  return { ...state, leasedUntil: until }
}

function opened(state: BreakerState, parkMs: number | undefined, limits: Limits, now: number): BreakerState {
  const { closedAt, leasedUntil: _, ...rest } = state
  // A member that is well for less than a window and ill again was never well.
  const trips = closedAt === undefined || now - closedAt < limits.windowMs ? state.trips + 1 : 1
  const cooldownMs = Math.min(limits.cooldownMs * 2 ** (trips - 1), limits.maxCooldownMs)
  return { ...rest, seen: [], trips, openUntil: now + (parkMs ?? cooldownMs) }
}

/** For how long a failure parks at once: what the endpoint asks for, or until somebody has seen to the account. */
function parkOf({ code, retryAfterMs }: ChatError, { accountCooldownMs, maxRetryAfterMs }: Limits): number | undefined {
  if (retryAfterMs !== undefined && retryAfterMs > 0) return Math.min(retryAfterMs, maxRetryAfterMs)
  return code === 'auth' || code === 'quota' ? accountCooldownMs : undefined
}

function isTooMuch(seen: readonly Seen[], { failures, ratio }: Limits): boolean {
  const failed = seen.reduce((sum, slice) => sum + slice.failed, 0)
  const all = seen.reduce((sum, slice) => sum + slice.ok, failed)
  return failed >= failures && failed >= ratio * all
}

/** The slices with one more in the last; those that have left the window are forgotten. */
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
