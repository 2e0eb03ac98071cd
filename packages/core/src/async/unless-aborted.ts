/**
 * Settles as the promise does, or rejects with the signal's reason as soon as it aborts, so that a callee that ignores the
 * signal can't delay the caller. Leaves no listener.
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      // The caller gets its own reason, whatever its type.
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    void promise.then(resolve, reject).then(() => {
      signal.removeEventListener('abort', onAbort)
    })
  })
}
