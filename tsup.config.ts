import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'

/**
 * One build for every package. The entries are read from its package.json: each `./dist/x.js` that
 * `exports`, `imports` or `bin` names is built from `./src/x.ts`, so a file is named once.
 */
const manifest = readFileSync('package.json', 'utf8')
const names = new Set([...manifest.matchAll(/"\.\/dist\/([\w/-]+)\.js"/g)].map(([, name = '']) => name))

const CORE = /^@rivulet\/core$/

/** What there must be one of, or is of the first files anyway, and stands in the index under the same names. */
const ONE_OF = /\/(errors|partial|child-abort|is-record)\.ts$/

/**
 * What is loaded later (`import()`, and `reading.ts`, which other packages load later) has its own copy of what it shares with
 * the package's first files. Bundlers drop the other copy, which nobody uses; but a file that both use would be loaded first,
 * with all that is in it (docs/decisions/bundle-size.md).
 */
const later: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'later',
  setup(build) {
    build.onResolve({ filter: /\.ts$/ }, ({ path, kind, namespace, resolveDir }) => {
      if (path === './reading.ts' && names.has('reading')) return { path: './reading.js', external: true }
      const isLater =
        kind === 'dynamic-import' ||
        namespace === 'later' ||
        (kind === 'entry-point' && path.endsWith('src/reading.ts'))
      const file = resolve(resolveDir, path)
      return isLater && !ONE_OF.test(path) ? { path: relative('.', file), namespace: 'later' } : { path: file }
    })
    build.onResolve({ filter: CORE }, ({ path, namespace }) => ({
      path: namespace === 'later' ? `${path}/reading` : path,
      external: true,
    }))
    build.onLoad({ filter: /./, namespace: 'later' }, ({ path }) => ({
      contents: readFileSync(path, 'utf8'),
      loader: 'ts',
      resolveDir: resolve(dirname(path)),
    }))
  },
}

export default defineConfig({
  entry: Object.fromEntries([...names].map((name) => [name, `src/${name}.ts`])),
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  clean: true,
  // Each file of the package stays where `imports` can choose it; shared code goes into one chunk.
  splitting: true,
  external: [/^#/],
  // It stays outside; `later` says from where.
  noExternal: [CORE],
  esbuildPlugins: [later],
  dts: false,
  silent: true,
})
