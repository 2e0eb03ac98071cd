import type { HttpResponse } from '../transport.ts'

type Reader = ReadableStreamDefaultReader<Uint8Array>

interface Fetched extends HttpResponse {
  body: HttpResponse['body'] &
    AsyncIterator<Uint8Array, undefined> & { return(): Promise<IteratorReturnResult<undefined>> }
}

/**
 * A response of `fetch()` as a transport gives it. Not every browser can iterate over a stream.
 *
 * @param close Closes the connection: the reader has left.
 * @param onEnd Called when nothing more is read, for whatever reason; maybe more than once.
 */
export function fetched(response: Response, close: (reader: Reader | undefined) => void, onEnd: () => void): Fetched {
  // A browser hides where a redirect goes: the status is 0 and there are no headers.
  const status = response.type === 'opaqueredirect' ? 302 : response.status
  const reader: Reader | undefined = response.body?.getReader()
  let isCancelled = false
  const body: Fetched['body'] = {
    async next() {
      try {
        const read = isCancelled ? undefined : await reader?.read()
        if (read?.done === false) return { done: false, value: read.value }
      } catch (error) {
        onEnd()
        if (!isCancelled) throw error
      }
      onEnd()
      return { done: true, value: undefined }
    },
    return() {
      isCancelled = true
      onEnd()
      close(reader)
      return Promise.resolve({ done: true, value: undefined })
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
  return { status, headers: Object.fromEntries(response.headers), body }
}
