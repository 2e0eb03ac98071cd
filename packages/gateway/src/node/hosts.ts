import type { Door } from '../keys/door.ts'
import { isLoopback } from '../request/origin.ts'

/** The addresses on which a gateway listens. Those that other machines reach need a door with keys. */
export class Hosts {
  readonly #hosts = new Set<{ readonly host: string }>()

  /** @returns Leaves it. @throws TypeError for one that needs keys where there are none. */
  enter(host: string, door: Door): () => void {
    const entry = { host }
    this.#hosts.add(entry)
    const leave = (): void => void this.#hosts.delete(entry)
    try {
      this.check('listen', door)
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  /** @throws TypeError when one of them needs keys and there are none. */
  check(what: string, door: Door): void {
    if (door.isGuarded) return
    for (const { host } of this.#hosts) {
      if (isLoopback(host)) continue
      throw new TypeError(`${what}: other machines reach ${host}: give the gateway keys, or listen on 127.0.0.1.`)
    }
  }
}
