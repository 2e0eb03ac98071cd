import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { RIVALS, rivalsAreInstalled } from './contenders/rival.ts'

/** Installs the other libraries from their lock file, where they are not there yet. No script of a package is run. */
export async function installRivals(): Promise<void> {
  if (rivalsAreInstalled()) return
  process.stderr.write('Installing the other libraries from bench/rivals (about 200 MB; --no-peers leaves them out)\n')
  const args = ['-y', 'pnpm@12', 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts']
  const npx = spawn('npx', args, { cwd: RIVALS, stdio: ['ignore', 2, 'inherit'] })
  const [code] = (await once(npx, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The other libraries could not be installed. --no-peers runs without them.')
}
