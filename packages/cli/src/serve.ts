import { once } from 'node:events'
import { gateway, type HoldMode } from '@rivulet/gateway'
import { EXIT, type ExitCode } from './exit-code.ts'
import { onItself, welcome } from './serving.ts'
import { openRiver } from './river.ts'
import { note, whileRead, write } from './terminal.ts'
import { UsageError } from './usage-error.ts'

export interface ServeOptions {
  host: string
  port: number
  key?: string | undefined
  hold?: HoldMode | undefined
}

/** Container engines kill 10 s after they have asked to terminate. */
const DRAIN_MS = 8_000

/** Serves the providers of the environment to every client of OpenAI, Anthropic and Gemini, until it is interrupted. */
export async function serve({ host, port, key, hold }: ServeOptions, signal: AbortSignal): Promise<ExitCode> {
  const variable = onItself(host, port)
  if (variable !== undefined) {
    throw new UsageError(`${variable} is the address of this gateway, which would ask itself: unset it here.`)
  }
  await using open = await openRiver()
  const { listen } = gateway(open.river, { keys: key, hold })
  const { url, close } = await listen({ host, port }).catch((error: unknown) => {
    throw isInUse(error) ? new UsageError(`${error.message}. Choose another with --port; 0 takes a free one.`) : error
  })
  try {
    await write(welcome({ url, open, hasKey: key !== undefined }), whileRead(signal))
    if (!signal.aborted) await once(signal, 'abort')
    note(`stops; answers under way have ${DRAIN_MS / 1000} s to end. Press Ctrl-C again to end them now.`)
  } finally {
    await close({ drainMs: signal.aborted ? DRAIN_MS : 0 })
  }
  return EXIT.ok
}

const isInUse = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
