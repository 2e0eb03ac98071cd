import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { SECURITY_HEADERS } from './guard.ts'

/**
 * Writes a web `Response` to a Node response, with backpressure. A disconnect cancels the body, and with it the upstream
 * request.
 */
export async function send(from: Response, request: IncomingMessage, to: ServerResponse): Promise<void> {
  to.writeHead(from.status, { ...Object.fromEntries(from.headers), ...SECURITY_HEADERS })
  if (from.body === null || request.method === 'HEAD') {
    await from.body?.cancel()
    to.end()
    return
  }
  // Send the headers before the first content, so that the client sees that the answer has started.
  to.flushHeaders()
  const reader = from.body.getReader()
  const onClose = (): void => {
    // The client is gone, so a failed cancellation has no one to be reported to.
    reader.cancel().catch(() => undefined)
  }
  to.once('close', onClose)
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    if (!to.write(read.value)) await Promise.race([once(to, 'drain'), once(to, 'close')])
  }
  to.off('close', onClose)
  to.end()
}
