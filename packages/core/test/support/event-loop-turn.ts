/** Waits for one turn of the event loop: every promise that can settle does. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
