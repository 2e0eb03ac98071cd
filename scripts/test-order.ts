import type { TestSpecification } from 'vitest/node'
import { BaseSequencer } from 'vitest/node'

/** The rooms whose tests start processes, browsers and many servers, or run the laws: the longest first. */
const LONG = [/\/checks\//, /\/apps\//, /\/(bench|examples|scripts)\//, /\/packages\/(cli|testkit|provider-[^/]+)\//]

/**
 * Long test files first, so that no worker begins one when the others have nothing left to do. Vitest knows the times of earlier
 * runs, but a fresh clone has none.
 */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ moduleId }: TestSpecification): number => {
      const path = moduleId.slice(this.ctx.config.root.length)
      const found = LONG.findIndex((room) => room.test(path))
      return found < 0 ? LONG.length : found
    }
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
