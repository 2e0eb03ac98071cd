import type { Clock } from '@rivulet/core'
import { DecayingMean } from '../stats/decaying-mean.ts'
import type { Policy } from './policy.ts'

/** A member that always fails counts as this much slower than one that never does. */
const FAILING = 50

/** The statistics of a member. */
interface MemberStats {
  /** Milliseconds to first content. */
  latency: DecayingMean
  /** 0 for an answer, 1 for a failure. */
  errors: DecayingMean
  inFlight: number
}

/**
 * Of two members at random, the one that is likely to answer sooner: by its decaying mean of time to first content and of
 * errors, and by how many calls wait for it now. Two choices are nearly as good as all, and don't send every call to the
 * member that was best a moment ago (Mitzenmacher, "The power of two choices", 2001).
 */
export function byLatency(count: number, halfLifeMs: number, clock: Clock, random: () => number): Policy {
  const stats = Array.from({ length: count }, (): MemberStats => ({
    latency: new DecayingMean(halfLifeMs),
    errors: new DecayingMean(halfLifeMs),
    inFlight: 0,
  }))
  /** Of all members: the estimate for one of which nothing is known, or nothing any more. */
  const usual = new DecayingMean(halfLifeMs)

  let inFlight = 0

  /**
   * The time that an answer is likely to take. The calls in flight at a member are weighed against those at the others: an
   * endpoint answers many calls at once, and a quick one may well have most of them.
   */
  const cost = (index: number): number => {
    const member = stats[index]
    if (member === undefined) return Infinity
    const now = clock.now()
    const ms = member.latency.mean(now, usual.mean(now, 1))
    const errors = member.errors.mean(now, 0)
    return (1 + ms) * (1 + member.inFlight / (1 + inFlight / count)) * (1 + (FAILING - 1) * errors)
  }

  return {
    choose(candidates) {
      const one = candidates.any(random)
      if (candidates.size < 2) return one
      const other = candidates.any(random, one)
      return cost(other) < cost(one) ? other : one
    },
    began(index) {
      const member = stats[index]
      if (member === undefined) return
      member.inFlight++
      inFlight++
    },
    content(index, ms) {
      stats[index]?.latency.add(clock.now(), ms)
      usual.add(clock.now(), ms)
    },
    ended(index, { outcome, firstTokenMs, totalMs }) {
      const member = stats[index]
      if (member === undefined) return
      member.inFlight--
      inFlight--
      if (outcome === 'answered') member.errors.add(clock.now(), 0)
      else if (outcome === 'failed') member.errors.add(clock.now(), 1)
      // It would have taken at least as long.
      else if (outcome === 'superseded' && firstTokenMs === undefined) member.latency.add(clock.now(), totalMs)
    },
  }
}
