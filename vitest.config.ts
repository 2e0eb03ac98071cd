import { defineConfig } from 'vitest/config'

const conditions = ['@rivulet/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  // Tests run on the sources: no build comes before a test.
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{packages,apps,checks}/*/test/**/*.test.ts', '{bench,scripts}/test/**/*.test.ts'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    // For a machine that is busy with something else: a test that hangs fails by its own patience, long before.
    testTimeout: 60_000,
    // Many tests wait for a socket: as many files at a time as there are cores.
    maxWorkers: '100%',
    // Real sockets and real processes meet a busy machine. In CI a test gets a second try, and the closing line names it.
    retry: process.env.CI === undefined ? 0 : 1,
    // A test that leaves a rejection behind has failed, whatever it asserted.
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
