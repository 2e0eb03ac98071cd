import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the other libraries. It has a lock file of its own, so that none of them becomes our dependency. */
export const COMPETITORS_FOLDER = fileURLToPath(new URL('../competitors/', import.meta.url))

/** Installs the competitors from their lock file unless that has been done. No package's scripts are run. */
export async function installCompetitors(): Promise<void> {
  if (areInstalled()) return
  process.stderr.write('Installing the competitors from bench/competitors (about 200 MB)\n')
  const args = ['-y', 'pnpm@12', 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts']
  const npx = spawn('npx', args, { cwd: COMPETITORS_FOLDER, stdio: ['ignore', 2, 'inherit'] })
  const [code] = (await once(npx, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The competitors could not be installed. `pnpm bench --no-competitors` runs without.')
}

/** Whether the installed versions are those of the lock file: pnpm keeps a copy of it beside them. */
function areInstalled(): boolean {
  const installed = `${COMPETITORS_FOLDER}node_modules/.pnpm/lock.yaml`
  const locked = `${COMPETITORS_FOLDER}pnpm-lock.yaml`
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(locked, 'utf8')
}
