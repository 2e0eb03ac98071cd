import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { joined } from '../../../../scripts/joined.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const SOURCES = [process.execPath, '--conditions=@rivulet/source', MAIN]
const JOINED = [process.execPath, await joined(MAIN)]

export interface Started {
  child: ChildProcess
  /** What it has written so far. */
  output: { out: string; err: string }
  /** Its exit code, when it has ended. */
  ended: Promise<number | null>
}

export interface Setting {
  /** What the environment has besides PATH. */
  env?: Record<string, string>
  /** What is piped in. @default nothing */
  input?: string
  /** The working folder. @default the test's */
  cwd?: string | undefined
}

/** Starts the command, without the machine's environment. It is killed when the test ends. */
export function start(args: readonly string[], setting: Setting = {}): Started {
  return started(JOINED, args, setting)
}

/** The same on the sources as they are, in a pseudo-terminal of its own, whose output is all in `out`. */
export function startInTerminal(args: readonly string[], setting: Setting = {}): Started {
  const quoted = [...SOURCES, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  return started(['script', '--quiet', '--return', '--command', quoted, '/dev/null'], [], {
    ...setting,
    env: { TERM: 'xterm-256color', SHELL: '/bin/sh', ...setting.env },
  })
}

function started([program = '', ...before]: string[], args: readonly string[], setting: Setting): Started {
  const { env, input = '', cwd } = setting
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(program, [...before, ...args], { cwd, env: { PATH, NODE_COMPILE_CACHE, ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text))
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined).end(input)
  return { child, output, ended: once(child, 'close').then(() => child.exitCode) }
}

/** Runs the command to its end. */
export async function run(
  args: readonly string[],
  setting: Setting = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const { output, ended } = start(args, setting)
  return { code: await ended, ...output }
}
