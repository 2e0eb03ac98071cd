import type { Exchange } from '../exchange.ts'
import { Refused } from './refused.ts'

/**
 * Refuses a page of another host: a browser sends its `Origin`, and would send the request without asking first (CSRF).
 *
 * @throws Refused
 */
export function checkOrigin({ headers: { origin, host = '' } }: Exchange): void {
  if (origin === undefined) return
  const asked = URL.canParse(origin) ? new URL(origin).host : undefined
  if (asked === undefined || asked !== URL.parse(`http://${host}`)?.host) {
    throw new Refused(403, 'pages of another host may not ask this server')
  }
}

/** Names of this machine that no name server can give to another. */
const LOCAL = ['localhost', '127.0.0.1', '[::1]']

/**
 * Whether a `Host` means this server. A page whose name was rebound to this address sends its own name (DNS rebinding); an
 * address can't be rebound.
 *
 * @param own The address that the server listens on; a wildcard is any address.
 * @param hosts Other names, with or without a port.
 */
export function isOwnHost(host: string | undefined, own: string, hosts: readonly string[]): boolean {
  const url = URL.parse(`http://${host ?? ''}`)
  if (url?.pathname !== '/') return false
  const { hostname, host: named } = url
  if (LOCAL.includes(hostname) || hosts.includes(hostname) || hosts.includes(named)) return true
  const isAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])$/.test(hostname)
  return isAddress && (own === '0.0.0.0' || own === '::' || hostname === own || hostname === `[${own}]`)
}

/** Whether an address is of this machine alone. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host)
