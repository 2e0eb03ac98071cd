import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pinned } from './pin.ts'

export interface Source {
  origin: string
  close: () => void
}

/** Starts the source in a process of its own. */
export const openSource = (): Promise<Source> => openProcess(fileURLToPath(new URL('wire/source.ts', import.meta.url)))

/** Starts an endpoint that prints its port and ends with its standard input. */
export async function openProcess(file: string): Promise<Source> {
  const { command, args } = pinned('source')
  const child = spawn(command, [...args, '--no-warnings', file], { stdio: ['pipe', 'pipe', 'inherit'] })
  // It prints its port.
  const gone = new AbortController()
  const [port] = (await Promise.race([
    once(child.stdout, 'data', gone),
    once(child, 'exit', gone).then(([code]) => {
      throw new Error(`${file} ended with ${String(code)}`)
    }),
  ]).finally(() => {
    gone.abort()
  })) as [Buffer]
  return {
    origin: `http://127.0.0.1:${port.toString().trim()}`,
    close() {
      child.stdin.end()
    },
  }
}
