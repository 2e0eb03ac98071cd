import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { SECURITY_HEADERS } from './guard.ts'

/**
 * Writes a web response to a socket: at the pace of its reader, and no further than the reader stays. Leaving cancels
 * the body, and so whatever it is made from.
 */
export async function send(from: Response, request: IncomingMessage, to: ServerResponse): Promise<void> {
  to.writeHead(from.status, { ...Object.fromEntries(from.headers), ...SECURITY_HEADERS })
  if (from.body === null || request.method === 'HEAD') {
    await from.body?.cancel()
    to.end()
    return
  }
  // The reader sees that it is being answered before the first content comes.
  to.flushHeaders()
  const reader = from.body.getReader()
  const leave = (): void => {
    // Nobody is left to hear that it could not be cancelled.
    reader.cancel().catch(() => undefined)
  }
  to.once('close', leave)
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if (!to.write(read.value)) await Promise.race([once(to, 'drain'), once(to, 'close')])
  }
  to.off('close', leave)
  to.end()
}
