import { isRecord } from '@rivulet/core/provider'

/**
 * Whether two texts are the same JSON value. Gateways write it anew, with other spaces and with the fields in another order.
 * Without recursion, because a stranger nests it.
 */
export function isSameJson(one: string, other: string): boolean {
  if (one === other) return true
  try {
    return isSame(JSON.parse(one), JSON.parse(other))
  } catch {
    return false
  }
}

function isSame(one: unknown, other: unknown): boolean {
  const pairs: [unknown, unknown][] = [[one, other]]
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair
    if (Array.isArray(left) && Array.isArray(right)) {
      if (left.length !== right.length) return false
      for (let at = 0; at < left.length; at++) pairs.push([left[at], right[at]])
    } else if (isRecord(left) && isRecord(right)) {
      const names = Object.keys(left)
      if (names.length !== Object.keys(right).length) return false
      for (const name of names) {
        if (!Object.hasOwn(right, name)) return false
        pairs.push([left[name], right[name]])
      }
    } else if (left !== right) return false
  }
  return true
}
