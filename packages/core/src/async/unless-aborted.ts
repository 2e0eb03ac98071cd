/**
 * The promise, or the signal's reason as soon as it aborts: whoever does not heed the signal cannot hold the caller. Leaves
 * no listener.
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      // The caller's reason is what the caller gets, whatever it is.
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    void promise.then(resolve, reject).then(() => {
      signal.removeEventListener('abort', onAbort)
    })
  })
}
