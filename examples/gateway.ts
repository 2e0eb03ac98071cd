/** A server that every client can point at: tool calls come whole, and one account's trouble is another's turn. */
import type { Provider } from '@rivulet/core'
import { gateway, newKey } from '@rivulet/gateway'
import { failover } from '@rivulet/router'

/** @param members Asked in this order. */
export async function serve(members: readonly Provider[], port: number) {
  // The text of the key is for whoever asks; only its hash is kept.
  const { key, stored } = await newKey('laptop')
  const server = gateway(failover(members), {
    hold: 'calls',
    keys: [{ ...stored, concurrent: 8, requests: { limit: 600, perMs: 60_000 } }],
  })
  const { url, close } = await server.listen({ port })
  return { url, key, close }
}
