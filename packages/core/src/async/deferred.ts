export interface Deferred<T> {
  promise: Promise<T>
  resolve: (value: T | PromiseLike<T>) => void
  reject: (reason: unknown) => void
}

/** A promise and what settles it. `Promise.withResolvers` is missing in Node 20 and in browsers from before 2024. */
export function deferred<T>(): Deferred<T> {
  const settled: Partial<Deferred<T>> = {}
  const promise = new Promise<T>((resolve, reject) => {
    Object.assign(settled, { resolve, reject })
  })
  // The constructor has called its function by now.
  return Object.assign(settled as Omit<Deferred<T>, 'promise'>, { promise })
}
