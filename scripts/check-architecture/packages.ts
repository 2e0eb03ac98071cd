import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A package.json, as far as it is checked. */
export interface Manifest {
  private?: boolean
  description?: string
  keywords?: readonly string[]
  license?: string
  files?: readonly string[]
  sideEffects?: boolean
  engines?: { node?: string }
  scripts?: Record<string, string>
  exports?: Record<string, string | Record<string, unknown>>
}

export interface Package {
  /** From the root, with `/`: `packages/core`. */
  folder: string
  /** `core` */
  name: string
  manifest: Manifest
  /** The TypeScript files of `src`, as paths from there. */
  files: { path: string; lines: number }[]
}

/** The published packages, then the apps, checks and bench: all that have a `src` and a package.json. */
export function readPackages(root: string): Package[] {
  return ['packages/*', 'apps/*', 'checks/*', 'bench']
    .flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: root }).sort())
    .map((path) => path.replaceAll('\\', '/').replace('/package.json', ''))
    .filter((folder) => globSync('src', { cwd: join(root, folder) }).length > 0)
    .map((folder) => ({
      folder,
      name: basename(folder),
      // Its shape is npm's, and what is checked of it is checked field by field.
      manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest,
      files: filesIn(join(root, folder, 'src')),
    }))
}

function filesIn(src: string): Package['files'] {
  return globSync('**/*.ts', { cwd: src })
    .sort()
    .map((path) => ({ path: path.replaceAll('\\', '/'), lines: linesOf(readFileSync(join(src, path), 'utf8')) }))
}

export const linesOf = (text: string): number => text.replace(/\n$/, '').split('\n').length
