import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Package, type Table, type Workspace, isTable, tableAt } from './workspace.ts'

const README_LINES = 60
const ROOT_ROOMS = [
  'README.md',
  'AGENTS.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'docs/architecture.md',
  'docs/style.md',
  'docs/decisions',
]
const PACKAGE_ROOMS = ['README.md', 'src/index.ts', 'tsconfig.json', 'tsconfig.build.json']
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare']

/** The laws about rooms: what the root and each package must have, and what a manifest must say. */
export function roomProblems({ root, packages }: Workspace): string[] {
  return [
    ...ROOT_ROOMS.filter((room) => !existsSync(join(root, room))).map((room) => `${room}: missing: write it`),
    ...packages.flatMap((pack) => [...rooms(root, pack), ...manifestProblems(root, pack)]),
  ]
}

function rooms(root: string, pack: Package): string[] {
  if (pack.kind === 'app') return []
  const folder = join(root, pack.folder)
  const problems = PACKAGE_ROOMS.filter((room) => !existsSync(join(folder, room))).map(
    (room) => `${pack.folder}/${room}: missing: write it`,
  )
  if (globSync('test/**/*.test.ts', { cwd: folder }).length === 0) {
    const subject = pack.short.replace(/^(provider|protocol)-/, '')
    problems.push(`${pack.folder}/test/${subject}.test.ts: missing: write it, a package is specified by its tests`)
  }
  const readme = join(folder, 'README.md')
  const lines = existsSync(readme) ? readFileSync(readme, 'utf8').trimEnd().split('\n').length : 0
  if (lines > README_LINES) {
    problems.push(`${pack.folder}/README.md: ${lines} lines, ${README_LINES} at most: move the rest to docs/`)
  }
  return problems
}

function manifestProblems(root: string, pack: Package): string[] {
  const path = `${pack.folder}/package.json`
  const { manifest } = pack
  const problems: string[] = []
  for (const script of INSTALL_SCRIPTS) {
    if (Object.hasOwn(tableAt(manifest, 'scripts'), script)) {
      problems.push(`${path}: "${script}" runs code on install: remove it`)
    }
  }
  for (const field of ['description', 'license']) {
    if (typeof manifest[field] !== 'string' || manifest[field] === '') {
      problems.push(`${path}: "${field}" is missing: add it`)
    }
  }
  if (pack.kind === 'app') {
    if (manifest.private !== true) problems.push(`${path}: an app is not published: add "private": true`)
    return problems
  }
  if (typeof tableAt(manifest, 'engines').node !== 'string') {
    problems.push(`${path}: "engines" is missing: add { "node": ">=22.19" }`)
  }
  if (manifest.sideEffects !== false) problems.push(`${path}: add "sideEffects": false`)
  return [...problems, ...exportProblems(root, pack, path)]
}

function exportProblems(root: string, pack: Package, path: string): string[] {
  const exports = tableAt(pack.manifest, 'exports')
  const subpaths = Object.keys(exports)
  const problems: string[] = []
  if (!subpaths.includes('.')) problems.push(`${path}: "exports" has no ".": add it`)
  if (pack.short.startsWith('provider-') && subpaths.some((subpath) => subpath !== '.')) {
    problems.push(`${path}: a provider has one export, ".": remove the others`)
  }
  for (const subpath of subpaths) {
    if (subpath.includes('*')) problems.push(`${path}: "${subpath}" exports whatever lies there: name each subpath`)
    const target = exports[subpath]
    if (isTable(target)) problems.push(...conditionProblems(root, pack, `${path}: exports["${subpath}"]`, target))
    else if (subpath !== './package.json') {
      problems.push(`${path}: exports["${subpath}"] names no conditions: write "@rivulet/source", "types", "default"`)
    }
  }
  return problems
}

function conditionProblems(root: string, pack: Package, at: string, target: Table): string[] {
  const problems: string[] = []
  const conditions = Object.keys(target)
  const source = target['@rivulet/source']
  if (conditions[0] !== '@rivulet/source') {
    problems.push(`${at} must start with "@rivulet/source": put it first, or tests run on a stale build`)
  }
  if (typeof source === 'string' && !existsSync(join(root, pack.folder, source))) {
    problems.push(`${at} names ${source}, which is not there: write it or correct the path`)
  }
  return problems
}
