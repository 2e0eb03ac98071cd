/** A list or an object of which the end is still to be written. */
interface Level {
  readonly value: Readonly<Record<string, unknown>> | readonly unknown[]
  /** Names of an object's fields; `undefined` for a list. */
  readonly names: readonly string[] | undefined
  readonly length: number
  next: number
}

/**
 * A value that came as JSON, as JSON text again: to the letter what `JSON.stringify()` makes of it, while that is short
 * enough. It never throws: `JSON.stringify()` throws a RangeError for lists that are nested 10,000 deep, which an endpoint
 * can send in 20 KB. A longer text ends in `…`, and never inside a string: no redaction would find half a secret.
 *
 * @param maxCharacters How long the text may be; `…` comes on top of it.
 * @example
 * throw new ChatError('malformed', `the endpoint reports: ${boundedJson(body, 1_000)}`)
 */
export function boundedJson(value: unknown, maxCharacters: number): string {
  const levels: Level[] = []
  let text = ''
  let lead = ''
  let current = value
  for (;;) {
    const level = levelOf(current)
    const start = lead + (level === undefined ? scalar(current, maxCharacters) : level.names === undefined ? '[' : '{')
    if (text.length + start.length > maxCharacters) return `${text}…`
    text += start
    if (level !== undefined) levels.push(level)
    let open = levels.at(-1)
    while (open !== undefined && open.next === open.length) {
      if (text.length === maxCharacters) return `${text}…`
      text += open.names === undefined ? ']' : '}'
      levels.pop()
      open = levels.at(-1)
    }
    if (open === undefined) return text
    const comma = open.next === 0 ? '' : ','
    const name = open.names?.[open.next]
    lead = name === undefined ? comma : `${comma}${scalar(name, maxCharacters)}:`
    current = name === undefined ? (open.value as readonly unknown[])[open.next] : fieldOf(open.value, name)
    open.next++
  }
}

function levelOf(value: unknown): Level | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return { value, names: undefined, length: value.length, next: 0 }
  const fields = value as Record<string, unknown>
  const names = Object.keys(fields)
  return { value: fields, names, length: names.length, next: 0 }
}

const fieldOf = (value: Level['value'], name: string): unknown => (value as Record<string, unknown>)[name]

/** A text that does not fit is not written at all, so that a long one costs nothing. */
function scalar(value: unknown, maxCharacters: number): string {
  if (typeof value === 'string' && value.length > maxCharacters) return value
  // What JSON has no word for never came as JSON.
  return typeof value === 'bigint' ? String(value) : ((JSON.stringify(value) as string | undefined) ?? 'null')
}
