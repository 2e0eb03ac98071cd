/**
 * Runs the same tasks with Rivulet, `ai` and `openai` against the simulator, counts what each program takes, and writes the
 * table to docs/compare.md. It needs no key and no network but loopback; the first run installs what it needs from the lock
 * file in this folder.
 *
 *   pnpm compare           fails when a program does not compile or do its task, or when ours is the longer one
 *   pnpm compare --check   also when docs/compare.md differs from the result
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

if (!isInstalled()) {
  // The lock file does not change. Stdout is for the table.
  const install = ['-y', 'pnpm@12', 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts']
  const { status } = spawnSync('npx', install, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('The packages to compare with could not be installed')
}

// Imported dynamically, because its packages may just have been installed.
await import('./report.ts')

/** Whether the installed versions are those of the lock file: pnpm keeps a copy of it beside them. */
function isInstalled(): boolean {
  const installed = `${here}node_modules/.pnpm/lock.yaml`
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(`${here}pnpm-lock.yaml`, 'utf8')
}
