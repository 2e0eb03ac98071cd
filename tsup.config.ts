import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

/**
 * One build for every package. The entries are read from its package.json: each `./dist/x.js` that
 * `exports`, `imports` or `bin` names is built from `./src/x.ts`, so a file is named once.
 */
const manifest = readFileSync('package.json', 'utf8')
const entries = new Set([...manifest.matchAll(/"\.\/dist\/([\w/-]+)\.js"/g)].map((match) => `src/${match[1]}.ts`))

export default defineConfig({
  entry: [...entries],
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
