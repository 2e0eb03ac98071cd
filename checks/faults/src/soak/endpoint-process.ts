import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { SimulatorOptions } from '@rivulet/simulator'
import { seeded } from '@rivulet/testkit'

export interface EndpointOptions extends Pick<SimulatorOptions, 'seed' | 'pace' | 'port'> {
  /** Of a fault, for each request. */
  readonly probability: number
}

/** Endpoints in a process of their own. */
export interface EndpointProcess {
  /** Where they are, by their dialects. */
  readonly urls: Readonly<Record<string, string>>
  /** Kills it in the middle of what it says, and starts it anew on the same port. */
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

export async function endpointProcess(options: EndpointOptions): Promise<EndpointProcess> {
  let { child, urls } = await started(options)
  const port = Number(new URL(urls.lockchat ?? '').port)
  return {
    urls,
    async restart() {
      child.kill('SIGKILL')
      await ended(child)
      ;({ child, urls } = await started({ ...options, port }))
    },
    async close() {
      child.stdin?.end()
      await ended(child)
    },
  }
}

async function started(
  options: EndpointOptions,
): Promise<{ child: ChildProcess; urls: Readonly<Record<string, string>> }> {
  const args = ['--conditions=@rivulet/source', join(import.meta.dirname, 'endpoint.ts'), JSON.stringify(options)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)
  const line = await Promise.race([once(lines, 'line'), once(child, 'exit')])
  lines.close()
  if (child.exitCode !== null) throw new Error(`the endpoint has ended with ${child.exitCode}`)
  // Written by endpoint.ts.
  return { child, urls: JSON.parse(String(line[0])) as Record<string, string> }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

/** Kills one of the processes, at random, after each so many answers; never one while another is away. */
export class Killer {
  kills = 0
  readonly #processes: readonly EndpointProcess[]
  readonly #every: number
  readonly #random: () => number
  #answers = 0
  #isAway = false
  #restarted: Promise<void> = Promise.resolve()

  constructor(processes: readonly EndpointProcess[], every: number, seed: number) {
    this.#processes = processes
    this.#every = every
    this.#random = seeded(seed)
  }

  answered(): void {
    this.#answers++
    const victim = this.#processes[Math.floor(this.#random() * this.#processes.length)]
    if (this.#answers % this.#every !== 0 || this.#isAway || victim === undefined) return
    this.kills++
    this.#isAway = true
    this.#restarted = victim.restart().then(() => {
      this.#isAway = false
    })
    // Told by `settled()`.
    this.#restarted.catch(() => undefined)
  }

  /** @throws what a process could not be started for. */
  settled(): Promise<void> {
    return this.#restarted
  }
}
