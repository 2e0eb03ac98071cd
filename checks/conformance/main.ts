/**
 * Code that we did not write, asked whether our idea of each dialect is right: the vendors' own clients, their published
 * descriptions, a mock server by others. No key, no network beyond loopback; the judges are installed from the lock file
 * here when they are not there yet.
 *
 *   pnpm conformance                 all of them
 *   pnpm conformance requests mock   some of them
 */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

if (!isInstalled()) {
  // The lock file is kept; stdout belongs to the table.
  const install = ['-y', 'pnpm@12', 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts']
  const { status } = spawnSync('npx', install, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('The judges could not be installed')
}

// Imported late: before the installation there is nothing to import.
await import('./report.ts')

/** Whether what is installed is what the lock file asks for: pnpm leaves a copy of it behind. */
function isInstalled(): boolean {
  const installed = `${here}node_modules/.pnpm/lock.yaml`
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(`${here}pnpm-lock.yaml`, 'utf8')
}
