import { checkFunctions, checkOptions } from '../check/check.ts'
import type { Transport } from '../transport.ts'
import { fetched } from './fetched.ts'

export interface FetchTransportOptions {
  /** The `fetch` to send with. @default the global one, looked up at each request */
  fetch?: typeof fetch | undefined
}

const OPTIONS: Readonly<Record<keyof FetchTransportOptions, true>> = { fetch: true }

/**
 * Sends with `fetch`: for browsers, edge runtimes, Bun and Deno, and for a custom `fetch`. It can't tell when a connection is
 * open, so `connectMs` does not apply.
 *
 * @throws TypeError for an unknown or invalid option.
 */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  checkOptions('fetchTransport', options, OPTIONS)
  checkFunctions('fetchTransport', { fetch: options.fetch })
  return async (request, { signal }) => {
    const send: typeof fetch = options.fetch ?? globalThis.fetch
    // Its own controller, so that `return()` closes the connection even where cancel() only stops reading.
    const abort = new AbortController()
    // Without the reason: Node's fetch clones it, which fails for some, and then leaves the connection open.
    const onAbort = (): void => {
      abort.abort()
    }
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    const release = (): void => {
      signal.removeEventListener('abort', onAbort)
    }
    const response = await send(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body !== undefined && { body: request.body }),
      redirect: 'manual',
      signal: abort.signal,
    }).catch((error: unknown) => {
      release()
      throw error
    })
    return fetched(response, onAbort, release)
  }
}

export const defaultTransport = fetchTransport
