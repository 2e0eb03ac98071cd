import { defineConfig } from 'vitest/config'

const conditions = ['@rivulet/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  // Tests run on the sources: no build comes before a test.
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{packages,apps,checks}/*/test/**/*.test.ts', '{bench,examples,scripts}/test/**/*.test.ts'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    // Property tests start from one seed; `pnpm explore` tries others.
    setupFiles: ['./scripts/property-seed.ts'],
    // Generous, for a busy machine: a test that could hang has a shorter deadline of its own.
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // Many tests wait for a socket, so every core gets a file.
    maxWorkers: '100%',
    // A process for each file would load the same sources 200 times: nearly half a second of CPU per file. Tests of what a
    // process does start one themselves.
    isolate: false,
    // An unhandled rejection fails the run, whatever the tests assert.
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
