/**
 * The one seed of the property tests: every `fc.assert` without its own seed starts from it, so that every run tries the same cases.
 * `pnpm explore` sets `PROPERTY_SEED`; set it by hand to repeat a failure.
 */
import fc from 'fast-check'

/** Any number would do. A change of it changes the cases that the tests try. */
export const DEFAULT_SEED = 20_261_127

/** @throws TypeError when `PROPERTY_SEED` is set and is not a 32-bit integer, which fast-check would round. */
export function readSeed(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_SEED
  const seed = Number(text)
  if ((seed | 0) !== seed) throw new TypeError(`PROPERTY_SEED must be a 32-bit integer, got "${text}".`)
  return seed
}

fc.configureGlobal({ seed: readSeed(process.env.PROPERTY_SEED) })
