import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Received {
  path: string
  authorization: string | undefined
  body: string
}

export interface TestServer extends AsyncDisposable {
  readonly url: string
  /** Oldest first. The list is live. */
  readonly received: readonly Received[]
}

/** A server on loopback that keeps what it receives. */
export async function testServer(answer: (received: Received, response: ServerResponse) => void): Promise<TestServer> {
  const received: Received[] = []
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '', headers } = request
    const last = { path: url, authorization: headers.authorization, body: await text(request) }
    received.push(last)
    answer(last, response)
  }
  const server = createServer((request, response) => {
    receive(request, response).catch((error: unknown) => response.destroy(error as Error))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
