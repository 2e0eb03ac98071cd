import type { Socket } from 'node:net'
import type { Wire } from './wire.ts'

/** What is known of a client's connection beyond one request. */
export interface Connection {
  /** Counts from 1, in the order of the first requests. */
  readonly number: number
  /** What the next request meets in place of everything else. */
  ambush?: { readonly kind: string; readonly act: (wire: Wire) => Promise<void> }
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
