import { once } from 'node:events'
import { openInBrowser } from './browser.ts'
import { openRiver } from './river.ts'
import { demoServer } from './server.ts'
import { note, welcome } from './terminal.ts'

/** Serves the page until the signal. */
export async function serve(options: { port: number; open: boolean }, signal: AbortSignal): Promise<void> {
  await running(options, signal)
  // Told when it is true; the shell has just written ^C.
  note('\n  Stopped. Nothing is left running.')
}

async function running({ port, open }: { port: number; open: boolean }, signal: AbortSignal): Promise<void> {
  await using river = await openRiver()
  await using server = await demoServer(river, { port })
  process.stdout.write(
    welcome({ url: server.url, river, taken: port !== 0 && server.port !== port ? port : undefined }),
  )
  if (open) openInBrowser(server.url)
  if (!signal.aborted) await once(signal, 'abort')
}
