import { once } from 'node:events'
import { openInBrowser } from './browser.ts'
import { openBackend } from './backend.ts'
import { demoServer } from './server.ts'
import { note, welcome } from './terminal.ts'

/** Serves the page until the signal aborts. */
export async function serve(options: { port: number; open: boolean }, signal: AbortSignal): Promise<void> {
  await serveUntilAborted(options, signal)
  // Printed after everything is closed. The line break follows the ^C that the terminal echoed.
  note('\n  Stopped. Nothing is left running.')
}

async function serveUntilAborted({ port, open }: { port: number; open: boolean }, signal: AbortSignal): Promise<void> {
  await using backend = await openBackend()
  await using server = await demoServer(backend, { port })
  process.stdout.write(
    welcome({ url: server.url, backend, portInUse: port !== 0 && server.port !== port ? port : undefined }),
  )
  if (open) openInBrowser(server.url)
  if (!signal.aborted) await once(signal, 'abort')
}
