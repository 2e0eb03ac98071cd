import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { InterruptError } from '../interrupt.ts'
import { UsageError } from '../usage-error.ts'
import { type Agent, AGENTS, type AgentName, type Setup } from './agents.ts'

/** A folder that only its owner can read, and that is deleted in the end. */
export async function privateFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'rivulet-launch-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) }
}

/** What is passed on. Of SIGKILL nothing can be. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Runs an agent in the terminal of this process, with the signals that this process gets.
 *
 * @param args The person's own.
 * @param signal Ends it. Where it was a signal of the system, the agent gets that one.
 * @returns Its exit code; 128 and the number of the signal that has ended it.
 * @throws UsageError when it is not installed.
 */
export async function runAgent(
  name: AgentName,
  { args: given = [], env }: Setup,
  args: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted()
  const child = spawn(name, [...given, ...args], { env: environmentOf(env), stdio: 'inherit' })
  const passOn = (by: NodeJS.Signals): void => {
    // A terminal has sent it to the agent, too, and a second one would mean more.
    if (by === 'SIGTERM' || by === 'SIGHUP' || !hasTerminal()) child.kill(by)
  }
  const end = (): void => {
    if (!(signal.reason instanceof InterruptError)) child.kill()
  }
  for (const each of SIGNALS) process.on(each, passOn)
  signal.addEventListener('abort', end, { once: true })
  try {
    const [code, by] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    return by === null ? (code ?? 1) : 128 + constants.signals[by]
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'ENOENT' ? notInstalled(AGENTS[name]) : error
  } finally {
    for (const each of SIGNALS) process.off(each, passOn)
    signal.removeEventListener('abort', end)
  }
}

const hasTerminal = (): boolean => [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)

const notInstalled = ({ title, npm }: Agent): UsageError =>
  new UsageError(`${title} is not installed: npm install --global ${npm}`)

/** This process's, with the gateway's address. A proxy of the network is not asked for it. */
function environmentOf(own: Setup['env']): NodeJS.ProcessEnv {
  const { NO_PROXY, no_proxy = NO_PROXY } = process.env
  const around = [no_proxy, '127.0.0.1'].filter((part) => part !== undefined && part !== '').join(',')
  return { ...process.env, NO_PROXY: around, no_proxy: around, ...own }
}
