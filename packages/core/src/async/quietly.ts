/** Calls a function that only looks on: what it throws is ignored, so that looking on changes nothing. */
export function quietly(look: () => void): void {
  try {
    look()
  } catch {
    // Its own failure is not the answer's.
  }
}
