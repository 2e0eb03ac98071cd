import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './subjects.ts'

/** The versions that a page was made with: `2026-11-21, Node 24.21.0, core 0.1.0, undici 8.12.4`. */
export function dateAnd(date: Date, ...packages: readonly string[]): string {
  const versions = packages.map((name) => `${name} ${versionOf(join('packages/core/node_modules', name))}`)
  const own = `core ${versionOf('packages/core')}`
  return [date.toISOString().slice(0, 10), `Node ${process.versions.node}`, own, ...versions].join(', ')
}

function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as { version: string }
  return version
}
