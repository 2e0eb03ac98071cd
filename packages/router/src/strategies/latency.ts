import type { Clock } from '@rivulet/core'
import { DecayingMean } from '../stats/decaying-mean.ts'
import type { Candidates } from '../engine/candidates.ts'
import type { Policy } from './policy.ts'

/** A member that always fails is this much slower than one that never does. */
const FAILING = 50

/** What is known of a member. */
interface Known {
  /** Milliseconds to first content. */
  latency: DecayingMean
  /** 0 for an answer, 1 for a failure. */
  errors: DecayingMean
  inFlight: number
}

/**
 * Of two members by chance, the one that is likely to answer sooner: by its decaying average of time to first content and
 * of errors, and by how many wait for it now. Two choices are nearly as good as all, and don't send everybody to the one
 * that was best a moment ago (Mitzenmacher, "The power of two choices", 2001).
 */
export function byLatency(count: number, halfLifeMs: number, clock: Clock, random: () => number): Policy {
  const known = Array.from({ length: count }, (): Known => ({
    latency: new DecayingMean(halfLifeMs),
    errors: new DecayingMean(halfLifeMs),
    inFlight: 0,
  }))
  /** Of all: what a member is taken for of which nothing is known, or nothing any more. */
  const usual = new DecayingMean(halfLifeMs)

  let inFlight = 0

  /**
   * The time that an answer is likely to take. How many wait for a member counts against how many wait for the others: an
   * endpoint does not answer one after the other, and a quick one may well have most of them.
   */
  const cost = (index: number): number => {
    const member = known[index]
    if (member === undefined) return Infinity
    const now = clock.now()
    const ms = member.latency.mean(now, usual.mean(now, 1))
    const errors = member.errors.mean(now, 0)
    return (1 + ms) * (1 + member.inFlight / (1 + inFlight / count)) * (1 + (FAILING - 1) * errors)
  }

  return {
    choose(left: Candidates) {
      const one = left.any(random)
      if (left.size < 2) return one
      const other = left.any(random, one)
      return cost(other) < cost(one) ? other : one
    },
    began(index) {
      const member = known[index]
      if (member === undefined) return
      member.inFlight++
      inFlight++
    },
    content(index, ms) {
      known[index]?.latency.add(clock.now(), ms)
      usual.add(clock.now(), ms)
    },
    ended(index, { outcome, firstTokenMs, totalMs }) {
      const member = known[index]
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
