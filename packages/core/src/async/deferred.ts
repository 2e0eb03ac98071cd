export interface Deferred<T> {
  promise: Promise<T>
  resolve: (value: T) => void
}

/** A promise and what resolves it. `Promise.withResolvers` is missing in Node 20 and in browsers from before 2024. */
export function deferred<T>(): Deferred<T> {
  // Replaced at once: the constructor calls its function before it returns.
  let resolve: Deferred<T>['resolve'] = () => undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
