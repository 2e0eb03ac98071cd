import { ChatError } from '../errors.ts'
import { jsonStringEnd } from './json-string-end.ts'
import { parseJson } from './parse-json.ts'

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
  const { members, begin, end } = topLevelMembers(text)
  const seen = new Set<string>()
  const kept: string[] = []
  for (const { key, source, value } of members) {
    if (!Object.hasOwn(fields, key)) {
      kept.push(source)
      continue
    }
    seen.add(key)
    const given = source.slice(value)
    if (fields[key] !== undefined)
      kept.push(source.slice(0, value) + given.replace(given.trim(), () => JSON.stringify(fields[key])))
  }
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && !seen.has(key)) kept.push(`${JSON.stringify(key)}:${JSON.stringify(value)}`)
  }
  return text.slice(0, begin) + kept.join(',') + text.slice(end)
}

interface Member {
  key: string
  /** The member as it is in the text, with the white space around it. */
  source: string
  /** Where its value begins in `source`, after the colon. */
  value: number
}

interface Members {
  members: Member[]
  /** The offset after the brace that opens the object. */
  begin: number
  /** The offset of the brace that closes it. */
  end: number
}

function topLevelMembers(text: string): Members {
  const members: Members = { members: [], begin: 0, end: 0 }
  let depth = 0
  let from = 0
  let key: string | undefined
  let value = 0
  const end = (at: number): void => {
    if (key !== undefined) members.members.push({ key, source: text.slice(from, at), value: value - from })
    key = undefined
    from = at + 1
  }
  // By characters: the request of an agent has thousands of tokens, and a match of an expression is an array for each.
  for (let index = 0; index < text.length; index++) {
    const token = text.charAt(index)
    if (depth === 0 && token !== '{' && token.trim() !== '') break
    if (token === '"') {
      // Strings are skipped as one, so that their brackets and commas count for nothing.
      const after = jsonStringEnd(text, index + 1)
      if (depth === 1 && key === undefined) {
        const name = parseJson(text.slice(index, after))
        if (typeof name !== 'string') break
        key = name
      }
      index = after - 1
    } else if (token === '{' || token === '[') {
      if (depth++ === 0) members.begin = from = index + 1
    } else if (token === '}' || token === ']') {
      if (--depth > 0) continue
      end(index)
      return { ...members, end: index }
    } else if (depth === 1) {
      if (token === ',') end(index)
      if (token === ':') value = index + 1
    }
  }
  throw new ChatError('malformed', 'the body of the request is not a JSON object')
}
