import type { Provider } from '@rivulet/core'

/** The ids of members, told apart: the second `lockchat` is `lockchat#2`. */
export function namesOf(members: readonly Provider[]): string[] {
  const seen = new Map<string, number>()
  return members.map(({ id }) => {
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    return count === 1 ? id : `${id}#${count}`
  })
}
