import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

/**
 * One build for every package. The entries come from its package.json: each `./dist/x.js` in `exports`, `imports` or `bin` is built
 * from `./src/x.ts`.
 */
const manifest = readFileSync('package.json', 'utf8')
const names = new Set([...manifest.matchAll(/"\.\/dist\/([\w/-]+)\.js"/g)].map(([, name = '']) => name))

export default defineConfig({
  entry: Object.fromEntries([...names].map((name) => [name, `src/${name}.ts`])),
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  clean: true,
  // `imports` chooses between files of the package, so each stays a file; shared code goes into one chunk.
  splitting: true,
  external: [/^#/],
  dts: false,
  silent: true,
})
