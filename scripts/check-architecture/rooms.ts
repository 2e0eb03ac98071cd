import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { linesOf, type Manifest, type Package } from './packages.ts'

const MAX_README_LINES = 60
const MAX_FILE_LINES = 300
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare']

/** What no tool of others checks: each package's README, tests and manifest, and the length of its files. */
export function roomProblems(root: string, { folder, name, manifest, files }: Package): string[] {
  const long = files
    .filter(({ lines }) => lines > MAX_FILE_LINES)
    .map(({ path, lines }) => `${folder}/src/${path}: ${lines} lines, at most ${MAX_FILE_LINES}: split it by its ideas`)
  if (!folder.startsWith('packages/')) {
    return [...long, ...(manifest.private === true ? [] : [`${folder}/package.json: add "private": true`])]
  }
  return [
    ...long,
    ...readmeProblems(root, folder),
    ...(globSync('test/**/*.test.ts', { cwd: join(root, folder) }).length > 0
      ? []
      : [`${folder}/test: has no test: write one, a package is specified by its tests`]),
    ...manifestProblems(name, manifest).map((problem) => `${folder}/package.json: ${problem}`),
  ]
}

function readmeProblems(root: string, folder: string): string[] {
  const readme = join(root, folder, 'README.md')
  if (!existsSync(readme)) return [`${folder}/README.md: missing: write it`]
  const lines = linesOf(readFileSync(readme, 'utf8'))
  return lines > MAX_README_LINES
    ? [`${folder}/README.md: ${lines} lines, at most ${MAX_README_LINES}: move the rest to docs/`]
    : []
}

function manifestProblems(name: string, manifest: Manifest): string[] {
  const { description, keywords = [], license, files = [], engines, sideEffects, scripts = {}, exports = {} } = manifest
  const problems: string[] = []
  if (!description) problems.push('add a "description"')
  if (keywords.length === 0) problems.push('add "keywords", by which npm finds it')
  if (!files.includes('dist') || !files.includes('src')) problems.push('add "files": ["dist", "src"]: what npm gets')
  if (!license) problems.push('add a "license"')
  if (engines?.node === undefined) problems.push('add "engines": { "node": ">=22.19" }')
  if (sideEffects !== false) problems.push('add "sideEffects": false')
  for (const script of INSTALL_SCRIPTS) {
    if (Object.hasOwn(scripts, script)) problems.push(`remove the script "${script}": it runs on install`)
  }
  if (!Object.hasOwn(exports, '.')) problems.push('add the export "."')
  for (const [subpath, target] of Object.entries(exports)) {
    if (subpath === './package.json') continue
    if (subpath.includes('*')) problems.push(`name each export in place of "${subpath}"`)
    if (name.startsWith('provider-') && subpath !== '.')
      problems.push(`remove the export "${subpath}": a provider has "." only`)
    if (typeof target === 'string' || Object.keys(target)[0] !== '@rivulet/source')
      problems.push(`put "@rivulet/source" first in the export "${subpath}": otherwise tests run on a stale build`)
  }
  return problems
}
