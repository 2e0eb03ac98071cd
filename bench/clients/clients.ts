/**
 * The vendors' own clients against the simulator: they judge our idea of each dialect. Where one of them does not
 * understand what it is told, the simulator is wrong. No key, no network beyond loopback; the clients are installed from
 * the lock file here when they are not there yet.
 */

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

if (!existsSync(`${here}node_modules/openai`)) {
  const install = ['-y', 'pnpm@12', 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts']
  const { status } = spawnSync('npx', install, { cwd: here, stdio: 'inherit' })
  if (status !== 0) throw new Error('The clients could not be installed')
}

// Imported late: before the installation there is nothing to import.
await import('./report.ts')
