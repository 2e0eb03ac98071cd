const SHORT = /^[A-Za-z0-9]{9}$/

/**
 * The id of a tool call as nine letters and digits: as it is, when it is that, and else a hash of it, so that a call and
 * its answer agree also when another provider named them. Mistral refuses every other id.
 */
export function shortToolId(id: string): string {
  if (SHORT.test(id)) return id
  // cyrb53: two multiplicative hashes of 32 bits, mixed. Nine digits of base 36 hold 46 bits of it.
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < id.length; at++) {
    const unit = id.charCodeAt(at)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  const hash = 4294967296 * (2097151 & low) + (high >>> 0)
  return (hash % 36 ** 9).toString(36).padStart(9, '0')
}
