import type { Provider } from '@rivulet/core'
import { gateway, type GatewayOptions } from '../../src/index.ts'

/** A gateway that can be asked. */
export interface Serving extends AsyncDisposable {
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Asks with a JSON body. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>
}

export type ServerKind = 'fetch in process' | 'listen'

export const SERVERS: readonly ServerKind[] = ['fetch in process', 'listen']

/** Both servers of a gateway answer alike: tests run with each. */
export async function serving(kind: ServerKind, provider: Provider, options: GatewayOptions = {}): Promise<Serving> {
  const server = gateway(provider, options)
  const { url, close } =
    kind === 'listen'
      ? await server.listen({ port: 0 })
      : { url: 'http://gateway.local', close: () => Promise.resolve() }
  const asking = kind === 'listen' ? fetch : server.fetch
  const ask: Serving['ask'] = (path, init) => asking(url + path, init)
  return {
    ask,
    post: (path, body, init) =>
      ask(path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
        headers: { 'content-type': 'application/json', ...(init?.headers as Record<string, string> | undefined) },
      }),
    [Symbol.asyncDispose]: () => close({ drainMs: 1 }),
  }
}
