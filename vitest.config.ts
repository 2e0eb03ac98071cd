import { defineConfig } from 'vitest/config'

const conditions = ['@rivulet/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  // Tests run on the sources: no build comes before a test.
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    reporters: ['default', './scripts/closing-line.ts'],
    testTimeout: 20_000,
    // A test that leaves a rejection behind has failed, whatever it asserted.
    dangerouslyIgnoreUnhandledErrors: false,
  },
})
