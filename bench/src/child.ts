import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Figure, Order, Reply } from './client.ts'
import type { Task } from './contender.ts'
import type { ContenderName } from './contenders.ts'
import { pinned } from './pin.ts'

/** A contender's process, seen from its parent. */
export class Child {
  readonly name: ContenderName
  readonly #process: ChildProcess

  constructor(name: ContenderName, execArgv: readonly string[]) {
    this.name = name
    // A contender's output is not shown, but its errors are.
    const { command, args } = pinned('contender')
    this.#process = fork(new URL('client.ts', import.meta.url), [name], {
      execPath: command,
      execArgv: [...args, ...execArgv, '--no-warnings'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    })
  }

  async measure(task: Task): Promise<Figure> {
    const reply = await this.#ask({ task })
    if ('cpu' in reply) return reply
    throw new Error(`${this.name} gave no figure`)
  }

  /** Profiles what happens during the call into a `.cpuprofile`. */
  async profile(file: string, during: () => Promise<void>): Promise<void> {
    await this.#ask({ profile: file })
    await during()
    await this.#ask({ profile: null })
  }

  end(): void {
    this.#process.kill()
  }

  async #ask(order: Order): Promise<Reply> {
    this.#process.send(order)
    const gone = new AbortController()
    const [reply] = (await Promise.race([
      once(this.#process, 'message', gone),
      once(this.#process, 'exit', gone).then(([code]) => {
        throw new Error(`the process of ${this.name} ended with ${String(code)}`)
      }),
    ]).finally(() => {
      gone.abort()
    })) as [Reply]
    if ('failed' in reply) throw new Error(`${this.name}: ${reply.failed}`)
    return reply
  }
}
