/** An injectable clock, for tests and simulations. */
export interface Clock {
  /** Milliseconds from any fixed point; never goes back. */
  now(): number
  /** Runs once, `ms` from now; the returned function cancels it. */
  after(ms: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    // A longer timeout would fire at once.
    const timer = setTimeout(run, Math.min(ms, 0x7fffffff))
    return () => {
      clearTimeout(timer)
    }
  },
}

/** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. Leaves no timer and no listener. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      cancel()
      reject(signal?.reason as Error)
    }
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}
