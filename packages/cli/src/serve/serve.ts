import { once } from 'node:events'
import { unwatchFile, watchFile } from 'node:fs'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { interruptSignal } from '../interrupt.ts'
import { lineOf, note, whileRead, write } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { configFile, openService, type Service } from './service.ts'
import { type ServeFlags, Serving } from './serving.ts'
import { Watchers } from './watchers.ts'
import { welcome } from './welcome.ts'

export interface ServeOptions extends ServeFlags {
  /** The file of the configuration. */
  config?: string | undefined
}

/** Container engines kill 10 s after they have asked to terminate. */
export const DRAIN_MS = 8_000
/** Looking at the file again and again also finds what an editor, a mount or a link puts in its place. */
const LOOK_MS = 1_000

/** Serves providers to every client of OpenAI, Anthropic and Gemini, until it is interrupted. */
export async function serve({ config, ...flags }: ServeOptions, signal: AbortSignal): Promise<ExitCode> {
  const file = configFile(config)
  // One may lie in the folder unnoticed.
  if (file !== undefined) note(`reads ${file}.`)
  await using service = await openService(file)
  const serving = await Serving.start(service, flags, new Watchers())
  await write(welcomeTo(serving, service, flags), whileRead(signal))
  const stopWatching = file === undefined ? undefined : watch(file, () => replace(serving, file))
  if (!signal.aborted) await once(signal, 'abort')
  await stopWatching?.()
  const again = interruptSignal()
  again.signal.addEventListener('abort', () => void serving.close({ drainMs: 0 }))
  note(`stops; answers under way have ${DRAIN_MS / 1000} s to end. Press Ctrl-C again to end them now.`)
  await serving.close({ drainMs: DRAIN_MS })
  again.release()
  return EXIT.ok
}

/** Serves what the file says now; when something is wrong with it, what it said before. */
async function replace(serving: Serving, file: string): Promise<void> {
  try {
    const service = await openService(file)
    await serving.replace(service)
    note(`${file} has changed: serves ${service.what} on ${serving.url}.`)
  } catch (error) {
    for (const line of error instanceof UsageError ? error.message.split('\n') : [lineOf(error)]) note(line)
    note(`${file} has changed, and is wrong: what it said before stays.`)
  }
}

/** Calls back, one call after the other, when a file has changed. @returns Ends it, after the call under way. */
function watch(file: string, onChange: () => Promise<void>): () => Promise<void> {
  let calls = Promise.resolve()
  const listener = (): void => {
    calls = calls.then(onChange)
  }
  watchFile(file, { interval: LOOK_MS }, listener)
  return () => {
    unwatchFile(file, listener)
    return calls
  }
}

const welcomeTo = ({ url, observeUrl }: Serving, { what, keys }: Service, { key }: ServeFlags): string =>
  welcome({ url, observeUrl, what, hasKey: (key ?? keys) !== undefined })
