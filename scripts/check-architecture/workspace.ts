import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, join, posix, sep } from 'node:path'
import { type Source, readSource } from './source.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Table = Record<string, Json>

export interface Package {
  name: string
  /** From the workspace's root: `packages/core`. */
  folder: string
  /** The folder's own name: `core`. */
  short: string
  kind: 'package' | 'app'
  manifest: Table
  /** What is shipped. */
  src: Source[]
  /** Tests, simulations, examples: everything else that is TypeScript. */
  beside: Source[]
}

export interface Workspace {
  root: string
  manifest: Table
  packages: Package[]
  /** The root's own files: its configs and scripts. */
  own: Source[]
}

const NOT_SOURCE = new Set(['node_modules', 'dist', 'coverage', 'fixtures', 'competitors', 'templates'])

export function readWorkspace(root: string): Workspace {
  const folders = ['packages', 'apps'].flatMap((home) =>
    globSync(`${home}/*/package.json`, { cwd: root }).map((path) => slashes(path).replace('/package.json', '')),
  )
  // The benchmarks measure from outside, as an app does.
  if (existsSync(join(root, 'bench/package.json'))) folders.push('bench')
  return {
    root,
    manifest: readManifest(join(root, 'package.json')),
    packages: folders.sort().map((folder) => readPackage(root, folder)),
    own: sourcesIn(root, '', ['*.ts', 'scripts/**/*.ts']),
  }
}

function readPackage(root: string, folder: string): Package {
  const manifest = readManifest(join(root, folder, 'package.json'))
  const all = sourcesIn(root, folder, ['**/*.{ts,tsx}'])
  const isSrc = (source: Source): boolean => source.path.startsWith(`${folder}/src/`)
  return {
    name: typeof manifest.name === 'string' ? manifest.name : basename(folder),
    folder,
    short: basename(folder),
    kind: folder.startsWith('packages/') ? 'package' : 'app',
    manifest,
    src: all.filter(isSrc),
    beside: all.filter((source) => !isSrc(source)),
  }
}

function sourcesIn(root: string, folder: string, patterns: string[]): Source[] {
  const exclude = (path: string): boolean => NOT_SOURCE.has(basename(path))
  const files = globSync(patterns, { cwd: join(root, folder), exclude }).map(slashes)
  const read = (file: string): Source => readSource(join(root, folder, file), posix.join(folder, file))
  return files
    .filter((file) => !file.endsWith('.d.ts'))
    .sort()
    .map(read)
}

function slashes(path: string): string {
  return path.split(sep).join('/')
}

function readManifest(path: string): Table {
  if (!existsSync(path)) return {}
  const value: Json = parse(readFileSync(path, 'utf8'))
  return isTable(value) ? value : {}
}

function parse(text: string): Json {
  // JSON.parse gives JSON: the one place where that is said to the compiler.
  return JSON.parse(text) as Json
}

export function isTable(value: Json | undefined): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A table in a manifest; empty where there is none. */
export function tableAt(manifest: Table, key: string): Table {
  const value = manifest[key]
  return isTable(value) ? value : {}
}

/** `@scope/name/sub/path` → `@scope/name` and `./sub/path`. */
export function splitSpecifier(specifier: string): { name: string; subpath: string } {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  const rest = parts.slice(length).join('/')
  return { name: parts.slice(0, length).join('/'), subpath: rest === '' ? '.' : `./${rest}` }
}
