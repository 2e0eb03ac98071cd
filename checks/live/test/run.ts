import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { joined } from '../../../scripts/joined.ts'

export interface Ended {
  code: number | null
  out: string
  err: string
}

type Program = 'main.ts' | 'catalog.ts'
const FILES: Partial<Record<Program, Promise<string>>> = {}

/** Runs a program of this folder without the machine's environment: the only keys are the given ones. */
export async function run(
  program: Program,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const file = (FILES[program] ??= joined(fileURLToPath(new URL(`../src/${program}`, import.meta.url))))
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, [await file, ...args], {
    env: { PATH, NODE_COMPILE_CACHE, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.err += text))
  await once(child, 'close')
  return { ...ended, code: child.exitCode }
}
