import type { Runner } from '../../src/index.ts'

/** A runner that keeps the tests that it is given, by their names. */
export function memoryRunner(): { runner: Runner; suites: string[]; tests: Map<string, () => Promise<void>> } {
  const suites: string[] = []
  const tests = new Map<string, () => Promise<void>>()
  const it = (name: string, run: () => Promise<void>): unknown => tests.set(name, run)
  const describe = (name: string, body: () => void): void => {
    suites.push(name)
    body()
  }
  return { runner: { describe, it: Object.assign(it, { skip: it }) }, suites, tests }
}

/** Runs all tests, and gives the names of those that failed. */
export async function failuresOf(tests: ReadonlyMap<string, () => Promise<void>>): Promise<string[]> {
  const failed: string[] = []
  for (const [name, run] of tests) await run().catch(() => failed.push(name))
  return failed
}
