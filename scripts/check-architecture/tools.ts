import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

export interface Outcome {
  name: string
  ok: boolean
  /** What is wrong; of the size, its figure. */
  output: string
  seconds: number
}

/** Runs the tools side by side. Each has its configuration file in the root. */
export function runTools(root: string): Promise<Outcome[]> {
  return Promise.all([
    outcome('imports: circles, directions, deep and undeclared imports', depcruise(root)),
    outcome('files, exports and dependencies that nothing uses', unused(root)),
    outcome('internal code that only tests use', unusedOutsideTests(root)),
    size(root),
  ])
}

export function depcruise(root: string, ...options: string[]): Promise<Ended> {
  const folders = ['packages', 'apps', 'checks', 'bench', 'examples', 'scripts']
  const there = folders.filter((folder) => existsSync(join(root, folder)))
  return run(root, 'depcruise', ...there, '--output-type', 'err-long', ...options)
}

export const unused = (root: string, ...options: string[]): Promise<Ended> => run(root, 'knip', ...options)

export function unusedOutsideTests(root: string, ...options: string[]): Promise<Ended> {
  const shipped = ['--production', '--include', 'files,exports,types', '--workspace', './packages/*']
  return run(root, 'knip', ...shipped, ...options)
}

async function outcome(name: string, running: Promise<Ended>): Promise<Outcome> {
  const { code, out, err, seconds } = await running
  return { name, ok: code === 0, output: code === 0 ? '' : `${out}${err}`.trim(), seconds }
}

async function size(root: string): Promise<Outcome> {
  const { code, out, seconds } = await run(root, 'size-limit', '--json')
  // Its own form. A package that is not built passes, with a size below 0.
  const report = JSON.parse(out) as { error: string } | { name: string; size: number; sizeLimit?: number }[]
  if (!Array.isArray(report)) return { name: 'size', ok: false, output: report.error, seconds }
  const { name = '', size = 0, sizeLimit = 0 } = report[0] ?? {}
  const output = size > 0 ? `${name}: ${size} bytes gzipped, at most ${sizeLimit}` : 'not built: run pnpm build'
  return { name: 'size', ok: code === 0 && size > 0, output, seconds }
}

export interface Ended {
  code: number | null
  out: string
  err: string
  seconds: number
}

const BIN = join(import.meta.dirname, '../../node_modules/.bin')

/** Runs a tool of this workspace in a folder. */
export async function run(cwd: string, tool: string, ...args: string[]): Promise<Ended> {
  const began = performance.now()
  const child = spawn(join(BIN, tool), args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', CI: 'true' },
    shell: process.platform === 'win32',
  })
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const [code, out, err] = await Promise.all([closed, text(child.stdout), text(child.stderr)])
  return { code, out, err, seconds: (performance.now() - began) / 1000 }
}
