/** Refuses what is no number above 0; what is `undefined` was not given. */
export function checkAbove0(who: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (typeof value === 'number' && value > 0)) continue
    throw new TypeError(
      `${who}: ${name} must be a number above 0, got ${typeof value === 'number' ? value : typeof value}.`,
    )
  }
}
