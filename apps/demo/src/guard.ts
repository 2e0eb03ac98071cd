import type { IncomingMessage } from 'node:http'
import { refusal } from './refusal.ts'

/** Sent with everything. The page needs nothing but its own files, and no one may frame it. */
export const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** The names under which a browser on this machine reaches the server. */
export function ownHosts(port: number): ReadonlySet<string> {
  const suffix = port === 80 ? '' : `:${port}`
  return new Set([`127.0.0.1${suffix}`, `localhost${suffix}`])
}

/**
 * Refuses what another site makes a browser send. A name that someone points at 127.0.0.1 (DNS rebinding) shows in
 * `Host`; a page of another origin shows in `Origin` and in `Sec-Fetch-Site`.
 */
export function foreign({ headers }: IncomingMessage, hosts: ReadonlySet<string>): Response | undefined {
  const { host = '', origin } = headers
  if (!hosts.has(host.toLowerCase())) {
    return refusal(421, 'wrong-host', `This server is ${[...hosts].join(' or ')}, not "${host}".`)
  }
  if (origin !== undefined && origin !== `http://${host.toLowerCase()}`) {
    return refusal(403, 'cross-origin', `Requests from ${origin} are refused: use the page of this server.`)
  }
  return undefined
}

/** For the API: also a request without `Origin` must not come from another site. */
export function crossSite({ headers }: IncomingMessage): Response | undefined {
  const { 'sec-fetch-site': site = 'none' } = headers
  if (site === 'same-origin' || site === 'none') return undefined
  return refusal(403, 'cross-origin', 'Requests from another site are refused: use the page of this server.')
}
