import type { Clock } from '@rivulet/core'
import type { ScriptedProvider } from '@rivulet/testkit'
import type { Random } from './random.ts'

/** What a scenario is made in. Times are in virtual milliseconds. */
export interface World {
  clock: Clock
  random: Random
  /** From the first request to the last. */
  durationMs: number
  /** Of the callers, all together. */
  requestsPerMs: number
  /** How many members a region has. */
  regionSize: number
}

export interface Scenario {
  name: string
  title: string
  /** What happens to the members, in a sentence. */
  story: string
  /** By region; what is not about regions has one. */
  regions(world: World): readonly (readonly ScriptedProvider[])[]
  /** The callers ask again when a call fails. */
  callersRetry?: boolean
}

/** Whether a part of the run is now: of 3 parts, number 1 is the middle third. */
export const isPart = ({ durationMs }: World, now: number, from: number, to: number): boolean =>
  now >= from * durationMs && now < to * durationMs
