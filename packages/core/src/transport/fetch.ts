import { checkFunctions, checkOptions } from '../check/check.ts'
import type { Transport } from '../transport.ts'

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
    // A browser hides where a redirect goes: the status is 0 and there are no headers.
    const status = response.type === 'opaqueredirect' ? 302 : response.status
    const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader()
    let isCancelled = false
    const body: AsyncIterableIterator<Uint8Array, undefined> = {
      async next() {
        try {
          const read = isCancelled ? undefined : await reader?.read()
          if (read?.done === false) return { done: false, value: read.value }
        } catch (error) {
          release()
          if (!isCancelled) throw error
        }
        release()
        return { done: true, value: undefined }
      },
      return() {
        isCancelled = true
        release()
        abort.abort()
        return Promise.resolve({ done: true, value: undefined })
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
    return { status, headers: Object.fromEntries(response.headers), body }
  }
}

export const defaultTransport = fetchTransport
