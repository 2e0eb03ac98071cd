/** Deeper than any JSON Schema in use, and far from where recursion ends. */
export const maxDepth = 1_000

/** Whether JSON is nested deeper than `maxDepth`. It need not be valid. */
export function isNestedTooDeep(json: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '[' || character === '{') {
      if (++depth > maxDepth) return true
    } else if (character === ']' || character === '}') depth--
  }
  return false
}
