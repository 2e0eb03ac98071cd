/**
 * Calls a function of the caller that only looks on, if there is one: what it throws, or rejects with, is ignored, so that
 * looking on changes nothing and cannot end the process.
 */
export function quietly<Args extends readonly unknown[]>(
  look: ((...args: Args) => unknown) | undefined,
  ...args: Args
): void {
  try {
    ignoreRejection(look?.(...args))
  } catch {
    // Its failure has no receiver: it is not the answer's.
  }
}

/** For what a function of the caller returned: if it is a promise, nothing waits for it, and its rejection ends no process. */
export function ignoreRejection(value: unknown): void {
  if (typeof value === 'object' && value !== null) Promise.resolve(value).catch(() => undefined)
}
