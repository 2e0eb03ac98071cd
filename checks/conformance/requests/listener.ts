import { once } from 'node:events'
import { createServer } from 'node:http'

/** A request that a provider sent. */
export interface Sent {
  path: string
  body: unknown
}

/** A server on loopback that keeps the requests and answers each with status 503. */
export interface Listener extends AsyncDisposable {
  url: string
  sent: Sent[]
}

export async function listener(): Promise<Listener> {
  const sent: Sent[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      sent.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) as unknown })
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"message":"closed"}}')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no address')
  return {
    url: `http://127.0.0.1:${address.port}`,
    sent,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
