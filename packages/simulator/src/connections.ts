import type { Socket } from 'node:net'
import type { Wire } from './wire.ts'

/** State of a client's connection that outlives one request. */
export interface Connection {
  /** Counts from 1, in the order of each connection's first request. */
  readonly number: number
  /** Runs in place of the answer to the next request on this connection. */
  onNextRequest?: { readonly kind: string; readonly apply: (wire: Wire) => Promise<void> }
}

export interface Connections {
  of(socket: Socket): Connection
}

export function connections(): Connections {
  const known = new WeakMap<Socket, Connection>()
  let count = 0
  return {
    of(socket) {
      const found = known.get(socket) ?? { number: ++count }
      known.set(socket, found)
      return found
    },
  }
}
