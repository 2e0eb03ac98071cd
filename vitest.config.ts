import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import LongFirst from './scripts/test-order.ts'

export default defineConfig({
  test: {
    include: ['{packages,apps,checks}/*/test/**/*.test.ts', '{bench,examples,scripts}/test/**/*.test.ts'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    // Tests run on the sources, as Node itself loads them: no build comes before a test, and none of Vite's wrappers of each import,
    // which take a fifth of the suite's CPU time.
    experimental: { viteModuleRunner: false },
    execArgv: ['--conditions=@rivulet/source'],
    // Many tests start processes that load the sources again: Node keeps what it has compiled. A program that is started dozens of
    // times is the sources in one file, made as its tests begin: scripts/joined.ts.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules/.cache/node-compile') },
    // Property tests start from one seed; `pnpm explore` tries others.
    setupFiles: ['./scripts/property-seed.ts'],
    // Generous, for a busy machine: a test that could hang has a shorter deadline of its own.
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // Many tests wait for a socket or a process: while a file for each core does, another runs.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongFirst },
    // A process for each file would load the same sources 200 times: nearly half a second of CPU per file. Tests of what a
    // process does start one themselves.
    isolate: false,
    // An unhandled rejection fails the run, whatever the tests assert.
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
