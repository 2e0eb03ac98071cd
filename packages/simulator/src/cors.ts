import type { IncomingHttpHeaders, ServerResponse } from 'node:http'

/** How long a browser may remember the answer to a preflight, in seconds. */
const maxAge = '600'

/** Whether a browser asks, before it sends the request of a page, if that request is allowed. */
export const isPreflight = (method: string, headers: IncomingHttpHeaders): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined

/** The answer to a preflight: every method and every header is allowed. */
export function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const asked = (name: string): string => String(headers[name] ?? '')
  return {
    'access-control-allow-methods': asked('access-control-request-method'),
    'access-control-allow-headers': asked('access-control-request-headers'),
    'access-control-max-age': maxAge,
    // A page of the internet that asks an address of this machine needs a permission of its own.
    ...(asked('access-control-request-private-network') === 'true' && {
      'access-control-allow-private-network': 'true',
    }),
    vary: 'origin, access-control-request-method, access-control-request-headers',
  }
}

/** Lets a page of any origin read an answer and its headers, such as `retry-after`: errors and faults too. */
export function letPagesRead(response: ServerResponse, { origin }: IncomingHttpHeaders): void {
  if (origin === undefined) return
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-expose-headers', '*')
}
