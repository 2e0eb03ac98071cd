import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Server, Where } from './servers.ts'

/** How long a server may take to answer its first connection. */
const START_MS = 20_000

/** A server in a process of its own. */
export class Running {
  readonly server: Server
  readonly where: Where
  /** From the start of its process to the first answer, in ms. */
  readonly startMs: number
  readonly #process: ChildProcess

  private constructor(server: Server, where: Where, process: ChildProcess, startMs: number) {
    this.server = server
    this.where = where
    this.#process = process
    this.startMs = startMs
  }

  /** @throws Error for a server that does not answer. */
  static async start(server: Server, upstream: string, execArgv: readonly string[]): Promise<Running> {
    const where = { port: await freePort(), upstream }
    const [file, ...args] = server.command(where, execArgv)
    const env = { ...process.env, NODE_ENV: 'production', PORT: String(where.port), UPSTREAM: upstream }
    const begun = performance.now()
    const child = spawn(file, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    while (!(await answers(where.port))) {
      if (child.exitCode !== null || performance.now() - begun > START_MS) {
        child.kill()
        throw new Error(`${server.label} does not answer`)
      }
      await delay(2)
    }
    return new Running(server, where, child, performance.now() - begun)
  }

  /** CPU time so far, in µs, of all its threads and workers. */
  get cpuUs(): number {
    const tasks = this.#pids().flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((id) => `/proc/${pid}/task/${id}`))
    return tasks.reduce((sum, task) => sum + Number(readFileSync(`${task}/schedstat`, 'utf8').split(' ')[0]) / 1000, 0)
  }

  /** Memory now, in KB. */
  get rssKb(): number {
    const kbOf = (pid: number): number =>
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    return this.#pids().reduce((sum, pid) => sum + kbOf(pid), 0)
  }

  async stop(): Promise<void> {
    this.#process.kill()
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit')
  }

  #pids(): number[] {
    const { pid = 0 } = this.#process
    const workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return [pid, ...(workers === '' ? [] : workers.split(' ').map(Number))]
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no port')
  return address.port
}

/** Whether a request gets any answer. */
function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1', () => {
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  })
  socket.once('data', () => {
    resolve(true)
    socket.destroy()
  })
  socket.once('error', () => {
    resolve(false)
  })
  socket.once('close', () => {
    resolve(false)
  })
  return promise
}
