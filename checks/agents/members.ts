/**
 * The members of a JSON object, in their order, each value as the text that it is: so that two bodies can be compared to the byte
 * but for some members. Written apart from what the packages use for it.
 */
export function members(text: string): [name: string, value: string][] {
  const found: [string, string][] = []
  // Strings are skipped whole; what is left of the structure are braces, brackets and commas.
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs
  let depth = 0
  let name: string | undefined
  let from = 0
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (depth === 1 && name === undefined && token.startsWith('"')) name = JSON.parse(token) as string
    else if (depth === 1 && token === ':') from = index + 1
    if (depth === 1 && name !== undefined && (token === ',' || token === '}')) {
      found.push([name, text.slice(from, index).trim()])
      name = undefined
    }
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
  }
  return found
}
