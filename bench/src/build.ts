import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Builds the packages where they are older than their sources: the benchmarks measure what people install. */
export async function build(): Promise<void> {
  const turbo = `${ROOT}node_modules/.bin/turbo`
  const args = ['run', 'build', '--filter=@rivulet/bench^...', '--output-logs=errors-only']
  await promisify(execFile)(turbo, args, {
    cwd: ROOT,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    maxBuffer: 64 * 1024 ** 2,
  }).catch((cause: unknown) => {
    const said = cause instanceof Error && 'stdout' in cause ? String(cause.stdout).trim() : ''
    throw new Error(`${said}\nThe packages could not be built. Run it as pnpm bench, or with --sources.`, { cause })
  })
}
