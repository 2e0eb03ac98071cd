/** Enough to keep a socket each busy, and not so many that they wait for each other. */
const AT_ONCE = 8

/** Does the same with each item, eight at a time. The first failure stops it. */
export async function inParallel<T>(items: Iterable<T>, act: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]()
  let failed = false
  const work = async (): Promise<void> => {
    for (let item = queue.next(); item.done !== true && !failed; item = queue.next()) {
      await act(item.value).catch((error: unknown) => {
        failed = true
        throw error
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}
