import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pinned } from './pin.ts'

export interface Source {
  origin: string
  close: () => void
}

/** Starts the source in a process of its own. */
export async function openSource(): Promise<Source> {
  const file = fileURLToPath(new URL('wire/source.ts', import.meta.url))
  const { command, args } = pinned('source')
  const child = spawn(command, [...args, '--no-warnings', file], { stdio: ['pipe', 'pipe', 'inherit'] })
  // It prints its port.
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    origin: `http://127.0.0.1:${port.toString().trim()}`,
    close() {
      child.stdin.end()
    },
  }
}
