import { isIP } from 'node:net'
import { RequestError } from './request-error.ts'

/**
 * Refuses requests for a foreign host: a page that has its name resolve to this machine (DNS rebinding) would otherwise read
 * recorded prompts and set faults, and its browser sends its own name as `Host`.
 *
 * @param listening The address that the simulator listens on.
 */
export function checkHost(host: string | undefined, listening: string): void {
  // Browsers always send one.
  if (host === undefined || host === '') return
  const name = nameOf(host)
  const isEverywhere = listening === '0.0.0.0' || listening === '::'
  // An address cannot be rebound: on all interfaces, any of them may be meant.
  if (isLoopback(name) || name === listening.toLowerCase() || (isEverywhere && isIP(name) !== 0)) return
  const message = `the host "${host.slice(0, 100)}" is not this simulator's: use 127.0.0.1, localhost or ${listening}`
  throw new RequestError(421, 'wrong_host', message, { param: 'host' })
}

/** Refuses a page of another origin, which a browser names in `Origin`. */
export function checkOrigin(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined || origin === `http://${host ?? ''}`.toLowerCase()) return
  const message = `requests from the page of another origin, ${origin.slice(0, 100)}, can't control the simulator`
  throw new RequestError(403, 'foreign_origin', message, { param: 'origin' })
}

/** Without port and brackets, in lower case: `[::1]:4010` is `::1`. */
const nameOf = (host: string): string =>
  host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')

const isLoopback = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
