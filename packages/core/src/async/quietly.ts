/**
 * Calls a function of the caller that only looks on, if there is one: what it throws, or rejects with, is ignored, so that
 * looking on changes nothing and cannot end the process.
 */
export function quietly<Args extends readonly unknown[]>(
  look: ((...args: Args) => unknown) | undefined,
  ...args: Args
): void {
  try {
    const result = look?.(...args)
    if (typeof result === 'object' && result !== null) Promise.resolve(result).catch(() => undefined)
  } catch {
    // Its failure has no receiver: it is not the answer's.
  }
}
