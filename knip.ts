import type { KnipConfig } from 'knip'

/**
 * Files, exports and dependencies that nothing uses. The entries are each package.json's exports (by `@rivulet/source`, so on the
 * sources), scripts and tests; only files that are started by their path are named here.
 *
 * `knip` counts a use by a test. `knip --production` does not: of the shipped packages, it finds code that is not public and that
 * only tests use. An export that its own file uses is fine there: a test may look at a part.
 */
export default {
  ignoreExportsUsedInFile: process.argv.includes('--production'),
  // Each transport of core has two names: its own, and `defaultTransport` for "#transport" to choose.
  exclude: ['duplicates'],
  workspaces: {
    '.': { ignore: ['scripts/templates/**', 'scripts/test/fixtures/**'], project: ['*.{ts,js}', 'scripts/**/*.ts'] },
    'packages/*': { project: ['src/**/*.ts!', 'test/**/*.ts'] },
    // Their bins are files of dist.
    // The system's: it makes a terminal.
    'packages/cli': { project: ['src/**/*.ts!', 'test/**/*.ts'], ignoreBinaries: ['script'] },
    'packages/simulator': { entry: ['src/cli.ts!'], project: ['src/**/*.ts!', 'test/**/*.ts'] },
    'apps/*': { entry: ['public/page.js', 'public/prose/highlighter.js'], project: ['{src,public,test}/**/*.{ts,js}'] },
    'checks/*': { project: ['**/*.ts'] },
    'checks/faults': {
      entry: ['src/one-provider.ts', 'src/soak/endpoint.ts', 'src/competitors/rivulet-*.ts'],
      project: ['**/*.ts'],
    },
    'checks/routing': { entry: ['overhead/endpoint.ts'], project: ['**/*.ts'] },
    examples: {
      // The samples of all pages and docstrings are compiled here, with these.
      entry: ['*.ts', '{guides,readme,wrong}/*.ts'],
      // compare/ has a lock file of its own.
      project: ['**/*.ts', '!compare/**'],
      ignoreDependencies: [/^@rivulet\//],
    },
    bench: {
      entry: ['test/support/{allocate,imported,outlive}.ts', 'src/gateway/{plain,rivulet,upstream}.ts'],
      project: ['{src,test}/**/*.ts'],
      // The system's: it pins a process to a core.
      ignoreBinaries: ['taskset'],
    },
  },
} satisfies KnipConfig
