import type { IncomingMessage } from 'node:http'
import { errorResponse } from './error-response.ts'

/** Sent with every response. The page loads only its own files and must not be framed. */
export const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Images of questions: their data, and nothing that is loaded from elsewhere.
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // No HTML is made of strings, and no script: the browser would throw. See `public/prose/colours.js` for the one policy.
    "require-trusted-types-for 'script'",
    'trusted-types worker',
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** The `Host` values with which a browser on this machine reaches the server. */
export function ownHosts(port: number): ReadonlySet<string> {
  const suffix = port === 80 ? '' : `:${port}`
  return new Set([`127.0.0.1${suffix}`, `localhost${suffix}`])
}

/**
 * Rejects requests that another site makes a browser send. A foreign name for 127.0.0.1 (DNS rebinding) shows in `Host`, a
 * page of another origin in `Origin` and in `Sec-Fetch-Site`.
 */
export function rejectForeign({ headers }: IncomingMessage, hosts: ReadonlySet<string>): Response | undefined {
  const { host = '', origin } = headers
  if (!hosts.has(host.toLowerCase())) {
    return errorResponse(421, 'wrong-host', `This server is ${[...hosts].join(' or ')}, not "${host}".`)
  }
  if (origin !== undefined && origin !== `http://${host.toLowerCase()}`) {
    return errorResponse(403, 'cross-origin', `Requests from ${origin} are rejected: use the page of this server.`)
  }
  return undefined
}

/** For the API: rejects requests from another site even without `Origin`. */
export function rejectCrossSite({ headers }: IncomingMessage): Response | undefined {
  const { 'sec-fetch-site': site = 'none' } = headers
  if (site === 'same-origin' || site === 'none') return undefined
  return errorResponse(403, 'cross-origin', 'Requests from another site are rejected: use the page of this server.')
}
