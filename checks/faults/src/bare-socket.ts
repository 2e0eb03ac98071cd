import { once } from 'node:events'
import { createServer } from 'node:net'

/** Milliseconds since 1970, finer than `Date.now()`. */
export const nowMs = (): number => performance.timeOrigin + performance.now()

/** A server for one bare socket, and the time at which it saw the socket close, in milliseconds since 1970. */
export async function bareServer(): Promise<{ port: number; closedAt: Promise<number> } & AsyncDisposable> {
  const server = createServer()
  const { promise: closedAt, resolve } = Promise.withResolvers<number>()
  server.on('connection', (socket) => {
    socket.resume()
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve(nowMs())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  // A server on a TCP port has an address object; pipes and closed servers do not.
  if (address === null || typeof address === 'string') throw new Error('The server has no address')
  return {
    port: address.port,
    closedAt,
    async [Symbol.asyncDispose]() {
      server.close()
      await once(server, 'close')
    },
  }
}
