import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

/**
 * One build for every package. The entries are read from its package.json: each `./dist/x.js` that
 * `exports`, `imports` or `bin` names is built from `./src/x.ts`, so a file is named once.
 */
const manifest = readFileSync('package.json', 'utf8')
const names = new Set([...manifest.matchAll(/"\.\/dist\/([\w/-]+)\.js"/g)].map(([, name = '']) => name))

export default defineConfig({
  entry: Object.fromEntries([...names].map((name) => [name, `src/${name}.ts`])),
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  clean: true,
  // Each file of the package stays where `imports` can choose it; shared code goes into one chunk.
  splitting: true,
  external: [/^#/],
  dts: false,
  silent: true,
})
