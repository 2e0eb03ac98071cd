import { ChatError, type ErrorCode } from '@rivulet/core'
import { describe, expect, it } from 'vitest'
import {
  afterFailure,
  afterSuccess,
  type BreakerState,
  leased,
  type Limits,
  phaseOf,
  readState,
  released,
} from '../src/breaker/breaker-state.ts'

const LIMITS: Limits = {
  failures: 3,
  ratio: 0.5,
  windowMs: 1000,
  cooldownMs: 100,
  maxCooldownMs: 350,
  accountCooldownMs: 5000,
  maxRetryAfterMs: 3000,
}
const why = { code: 'network', message: 'no connection' } as const

const error = (code: ErrorCode = 'network', retryAfterMs?: number): ChatError =>
  new ChatError(code, code === 'network' ? why.message : code, { retryAfterMs })

/** A state that nothing may change. */
function state(fields: Partial<BreakerState> = {}): BreakerState {
  const seen = (fields.seen ?? []).map((slice) => Object.freeze({ ...slice }))
  return Object.freeze({ trips: 0, ...fields, seen: Object.freeze(seen) })
}

interface Failed {
  before?: BreakerState | undefined
  now: number
  probe?: boolean
  error?: ChatError
  limits?: Partial<Limits>
}

const failed = ({ before, now, probe = false, error: reason = error(), limits }: Failed): BreakerState =>
  afterFailure(before, reason, { ...LIMITS, ...limits }, now, probe)

describe('what a store gives', () => {
  const sound = { seen: [{ at: 0, ok: 1, failed: 0 }], trips: 1 }
  const whole = { ...sound, openUntil: 1, leasedUntil: 2, closedAt: 3, ...why }

  it.each([sound, whole, { ...sound, seen: [] }])('is a state: %j', (given) => {
    expect(readState(given)).toBe(given)
  })

  it.each([
    null,
    'open',
    { trips: 1 },
    { ...sound, seen: 'none' },
    { ...sound, seen: [null] },
    { ...sound, seen: [sound.seen[0], { at: 0, ok: 1 }] },
    { ...sound, seen: [{ at: '0', ok: 1, failed: 0 }] },
    { ...sound, seen: [{ at: 0, ok: NaN, failed: 0 }] },
    { seen: [] },
    { ...sound, trips: '1' },
    { ...sound, openUntil: '1' },
    { ...sound, leasedUntil: Infinity },
    { ...sound, closedAt: {} },
    { ...sound, code: 'toString' },
    { ...sound, code: ['network'] },
    { ...sound, message: 1 },
  ])('is not a state, so the breaker is closed: %j', (given) => {
    expect(readState(given)).toBeUndefined()
  })
})

describe('the phase', () => {
  it.each([
    [undefined, 0, 'closed'],
    [state({ seen: [{ at: 0, ok: 0, failed: 2 }] }), 0, 'closed'],
    [state({ openUntil: 100 }), 99, 'open'],
    [state({ openUntil: 100 }), 100, 'half-open'],
  ] as const)('of %j at %i is %s', (before, now, phase) => {
    expect(phaseOf(before, now)).toBe(phase)
  })
})

describe('a failure', () => {
  it('is counted and named', () => {
    expect(failed({ now: 7 })).toEqual({ seen: [{ at: 7, ok: 0, failed: 1 }], trips: 0, ...why })
  })

  it('opens the breaker when there are enough', () => {
    const two = state({ seen: [{ at: 0, ok: 0, failed: 2 }], trips: 0 })
    expect(failed({ before: two, now: 50 })).toEqual({ seen: [], trips: 1, openUntil: 150, ...why })
    expect(failed({ before: two, now: 50, limits: { failures: 4 } })).toEqual({
      seen: [{ at: 0, ok: 0, failed: 3 }],
      trips: 0,
      ...why,
    })
  })

  it.each([
    ['half of the calls failed', 3, true],
    ['fewer than half failed', 4, false],
  ])('opens it or not when %s', (_part, ok, opens) => {
    const before = state({
      seen: [
        { at: 0, ok, failed: 0 },
        { at: 500, ok: 0, failed: 2 },
      ],
    })
    expect(phaseOf(failed({ before, now: 500 }), 500) === 'open').toBe(opens)
  })

  it('is counted with the calls of the same tenth of the window', () => {
    const before = state({
      seen: [
        { at: 0, ok: 9, failed: 0 },
        { at: 200, ok: 4, failed: 1 },
      ],
    })
    expect(failed({ before, now: 299 }).seen).toEqual([
      { at: 0, ok: 9, failed: 0 },
      { at: 200, ok: 4, failed: 2 },
    ])
    expect(failed({ before, now: 300 }).seen).toEqual([...before.seen, { at: 300, ok: 0, failed: 1 }])
  })

  it('is forgotten after the window', () => {
    const before = state({ seen: [{ at: 0, ok: 0, failed: 2 }] })
    expect(failed({ before, now: 1000 }).seen).toEqual([{ at: 1000, ok: 0, failed: 1 }])
    expect(failed({ before, now: 999 }).openUntil).toBe(1099)
  })

  it('of a request that began before the breaker opened is only named', () => {
    const before = state({ trips: 2, openUntil: 500, leasedUntil: 900 })
    expect(failed({ before, now: 450 })).toEqual({ ...before, ...why })
  })

  it.each([
    ['for longer', 200, 650],
    ['for less', 10, 500],
  ])('of such a request keeps it open when it asks %s', (_how, retryAfterMs, openUntil) => {
    const before = state({ trips: 2, openUntil: 500 })
    const reason = error('network', retryAfterMs)
    expect(failed({ before, now: 450, error: reason })).toEqual({ ...before, ...why, openUntil })
  })

  it('of the probe opens it again at once, for twice as long, up to a bound', () => {
    const opened: (number | undefined)[] = []
    let before = state({ trips: 1, openUntil: 0, leasedUntil: 60 })
    for (let count = 0; count < 3; count++) {
      before = failed({ before, now: 0, probe: true })
      opened.push(before.openUntil)
    }
    expect(opened).toEqual([200, 350, 350])
    expect(before).toEqual({ seen: [], trips: 4, openUntil: 350, ...why })
  })

  it.each([
    ['within a window of its recovery, for longer than the last time', 1999, 3, 2349],
    ['a window after its recovery, for as long as the first time', 2000, 1, 2100],
  ])('opens it %s', (_when, now, trips, openUntil) => {
    const before = state({ trips: 2, closedAt: 1000, seen: [{ at: now, ok: 0, failed: 2 }] })
    expect(failed({ before, now })).toEqual({ seen: [], trips, openUntil, ...why })
  })

  it('that does not open it leaves the time of its recovery', () => {
    expect(failed({ before: state({ trips: 2, closedAt: 1000 }), now: 1100 })).toMatchObject({
      closedAt: 1000,
      trips: 2,
    })
  })

  it.each<[ErrorCode, number | undefined, number | undefined]>([
    ['network', undefined, undefined],
    ['network', 0, undefined],
    ['network', 1, 1],
    ['rate-limited', 2000, 2000],
    ['rate-limited', 4000, 3000],
    ['auth', undefined, 5000],
    ['quota', 0, 5000],
    ['quota', 2000, 2000],
  ])('%s that asks for %s ms opens it at once for %s ms', (code, retryAfterMs, skippedMs) => {
    expect(failed({ now: 0, error: error(code, retryAfterMs) }).openUntil).toBe(skippedMs)
  })
})

describe('a success', () => {
  const succeeded = (before: BreakerState | undefined, now: number, probe = false): BreakerState | undefined =>
    afterSuccess(before, LIMITS, now, probe)

  it('of the probe closes the breaker, which remembers how often it opened', () => {
    const before = state({ seen: [], trips: 2, openUntil: 500, leasedUntil: 900, ...why })
    expect(succeeded(before, 600, true)).toEqual({ seen: [], trips: 2, closedAt: 600 })
  })

  it('of a request that began before the breaker opened changes nothing', () => {
    const before = state({ trips: 2, openUntil: 500 })
    expect(succeeded(before, 600)).toBe(before)
  })

  it('of a healthy member leaves nothing to keep', () => {
    expect(succeeded(undefined, 0)).toBeUndefined()
    expect(succeeded(state({ seen: [{ at: 0, ok: 3, failed: 0 }] }), 0)).toBeUndefined()
    expect(succeeded(state({ seen: [{ at: 0, ok: 3, failed: 1 }] }), 1000)).toBeUndefined()
  })

  it('is counted beside failures', () => {
    const before = state({
      seen: [
        { at: 0, ok: 1, failed: 1 },
        { at: 500, ok: 1, failed: 0 },
      ],
      ...why,
    })
    expect(succeeded(before, 599)).toEqual({ ...before, seen: [before.seen[0], { at: 500, ok: 2, failed: 0 }] })
    expect(succeeded(before, 600)).toEqual({ ...before, seen: [...before.seen, { at: 600, ok: 1, failed: 0 }] })
  })

  it('does not make a member healthy within a window of its recovery', () => {
    const before = state({ trips: 2, closedAt: 1000 })
    expect(succeeded(before, 1999)).toEqual({ ...before, seen: [{ at: 1999, ok: 1, failed: 0 }] })
    expect(succeeded(before, 2000)).toBeUndefined()
  })
})

describe('the lease of a probe', () => {
  it('is given when the breaker is half-open and no other request has it', () => {
    const before = state({ trips: 1, openUntil: 100 })
    expect(leased(before, 100, 700)).toEqual({ ...before, leasedUntil: 700 })
    expect(leased({ ...before, leasedUntil: 200 }, 200, 800)).toEqual({ ...before, leasedUntil: 800 })
  })

  it.each([
    ['nothing is known', undefined, 100],
    ['it is closed', state(), 100],
    ['it is open', state({ openUntil: 101 }), 100],
    ['another request has it', state({ openUntil: 100, leasedUntil: 200 }), 199],
  ])('is refused when %s', (_when, before, now) => {
    expect(leased(before, now, 700)).toBeUndefined()
  })

  it('is given back when the probe learned nothing', () => {
    const before = state({ trips: 1, openUntil: 100 })
    expect(released({ ...before, leasedUntil: 200 })).toEqual(before)
    expect('leasedUntil' in (released({ ...before, leasedUntil: 200 }) ?? {})).toBe(false)
    expect(released(before)).toBe(before)
    expect(released(undefined)).toBeUndefined()
  })
})
