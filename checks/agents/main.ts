/**
 * Starts today's coding agents against our server halves, and sends on what they ask: to their own dialect, which must get it
 * unchanged, and to the other three. It needs no key and no network but loopback. The first run installs the agents, about 1 GB,
 * from the lock file in this folder.
 *
 *   pnpm agents               all
 *   pnpm agents codex gemini  some
 *   pnpm agents --gateway     what they make of an answer that ends badly, with the gateway and without: see gateway.ts
 */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

if (!isInstalled()) {
  // The lock file does not change. Stdout is for the report.
  const install = ['-y', 'pnpm@12', 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts']
  const { status } = spawnSync('npx', install, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error('The agents could not be installed')
}

// Imported dynamically, because its packages may just have been installed.
await import(process.argv.includes('--gateway') ? './gateway.ts' : './report.ts')

/** Whether the installed versions are those of the lock file: pnpm keeps a copy of it beside them. */
function isInstalled(): boolean {
  const installed = `${here}node_modules/.pnpm/lock.yaml`
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(`${here}pnpm-lock.yaml`, 'utf8')
}
