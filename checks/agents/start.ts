/** Starts an agent, in an empty home. */

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Agent } from './agents.ts'

export interface RunOptions {
  /** What the agent is told to do. */
  prompt: string
  /** After this long it is ended. */
  seconds: number
  /** Ends it earlier. */
  signal?: AbortSignal
}

const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Where an agent runs; it is deleted at the end. */
export interface Place extends AsyncDisposable {
  home: string
  /** Its work folder. */
  folder: string
}

export interface Ended {
  /** `null` when it was ended. */
  code: number | null
  stdout: string
  stderr: string
}

export async function place(): Promise<Place> {
  const home = await mkdtemp(join(tmpdir(), 'rivulet-home-'))
  const folder = join(home, 'work')
  await mkdir(folder)
  await writeFile(join(folder, 'notes.txt'), 'The boat is blue.\n')
  await writeFile(join(folder, 'dot.png'), Buffer.from(DOT, 'base64'))
  const remove = (): Promise<void> => rm(home, { recursive: true, force: true, maxRetries: 3 })
  return { home, folder, [Symbol.asyncDispose]: remove }
}

/** The path of an agent's program; `undefined` if it is not installed, as on a platform that it has no package for. */
export function programOf({ program }: Agent): string | undefined {
  const path = fileURLToPath(new URL(`node_modules/${program}`, import.meta.url))
  return existsSync(path) ? path : undefined
}

/**
 * Runs an agent to its end. Nothing of our environment reaches it, and its traffic to other hosts goes to `url` as well, which
 * refuses to be a proxy.
 */
export async function run(
  agent: Agent,
  program: string,
  url: string,
  { home, folder }: Place,
  { prompt, seconds, signal }: RunOptions,
): Promise<Ended> {
  for (const [path, text] of Object.entries(agent.files(url, agent.model))) {
    await mkdir(dirname(join(home, path)), { recursive: true })
    await writeFile(join(home, path), text)
  }
  const command = program.endsWith('js') ? [process.execPath, program] : [program]
  const child = spawn('timeout', ['-k', '1', String(seconds), ...command, ...agent.arguments(prompt, agent.model)], {
    cwd: folder,
    env: {
      HOME: home,
      TMPDIR: home,
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HTTP_PROXY: url,
      HTTPS_PROXY: url,
      NO_PROXY: '127.0.0.1',
      ...agent.environment(url),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // `timeout` hands it on to the agent, and kills it a second later.
  const end = (): void => void child.kill('SIGTERM')
  signal?.addEventListener('abort', end, { once: true })
  const ended: Ended = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (data: Buffer) => (ended.stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => (ended.stderr += data.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  signal?.removeEventListener('abort', end)
  // What `timeout` says of a program that it ended.
  return { ...ended, code: code === 124 || code === 137 || signal?.aborted === true ? null : code }
}
