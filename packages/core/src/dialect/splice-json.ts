import { ChatError } from '../errors.ts'

/**
 * Sets top-level fields in the text of a JSON object, and leaves every other byte as it is: parsing and writing it again would
 * reorder keys and round long integers. A field that is `undefined` is taken out; a new one goes to the end. Of a key that
 * comes twice, each is set, so that it does not matter which one is read.
 *
 * @throws ChatError `malformed` for a text that is not a JSON object.
 * @example
 * spliceJson('{"model":"a","seed":12345678901234567890}', { model: 'b' }) // '{"model":"b","seed":12345678901234567890}'
 */
export function spliceJson(text: string, fields: Readonly<Record<string, unknown>>): string {
  const members = topLevelMembers(text)
  const seen = new Set<string>()
  const kept: string[] = []
  for (const { key, source, value } of members) {
    if (!Object.hasOwn(fields, key)) {
      kept.push(source)
      continue
    }
    seen.add(key)
    if (fields[key] !== undefined) kept.push(source.slice(0, value) + JSON.stringify(fields[key]))
  }
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && !seen.has(key)) kept.push(`${JSON.stringify(key)}:${JSON.stringify(value)}`)
  }
  return `{${kept.join(',')}}`
}

interface Member {
  key: string
  /** The member as it is in the text, from its key to the end of its value. */
  source: string
  /** Where its value begins in `source`. */
  value: number
}

/** A string, or a character of the syntax. Strings are skipped as one, so that their brackets and commas count for nothing. */
const TOKENS = /"(?:[^"\\]|\\[^])*"|[{}[\],:]/g

function topLevelMembers(text: string): Member[] {
  const members: Member[] = []
  let depth = 0
  let from = 0
  let key: string | undefined
  let value = 0
  const end = (at: number): void => {
    if (key !== undefined) {
      const source = text.slice(from, at).trimEnd()
      members.push({ key, source, value: value - from })
    }
    key = undefined
  }
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (depth === 0 && token !== '{') break
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') {
      depth--
      if (depth === 0) {
        end(index)
        return members
      }
    } else if (depth === 1 && token === ',') end(index)
    else if (depth === 1 && token === ':' && key !== undefined) value = index + 1
    else if (depth === 1 && key === undefined && token.startsWith('"')) {
      key = JSON.parse(token) as string
      from = index
    }
  }
  throw new ChatError('malformed', 'the body of the request is not a JSON object')
}
