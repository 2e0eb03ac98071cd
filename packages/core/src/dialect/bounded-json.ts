/** A list or an object whose end is still to be written. */
interface Level {
  readonly value: Readonly<Record<string, unknown>> | readonly unknown[]
  /** Names of an object's fields; `undefined` for a list. */
  readonly names: readonly string[] | undefined
  readonly length: number
  next: number
}

/**
 * Writes a value that came as JSON: exactly as `JSON.stringify()` does, if the text is short enough. It never throws,
 * where `JSON.stringify()` throws a RangeError for lists nested 20,000 deep, which an endpoint can send in 40 KB. A longer
 * text is cut and ends in `…`, but never inside a string: redaction would not find half a secret.
 *
 * @param maxCharacters How long the text may be, without the `…`. `Infinity` for arguments, which are useless when cut.
 * @example
 * boundedJson({ error: { message: 'no' } }, 1_000) // '{"error":{"message":"no"}}'
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

/** A string that cannot fit is returned as it is: the caller only needs to see that it is too long. */
function scalar(value: unknown, maxCharacters: number): string {
  if (typeof value === 'string' && value.length > maxCharacters) return value
  return typeof value === 'bigint' ? String(value) : (jsonOf(value) ?? 'null')
}

/** `undefined` for what JSON cannot express, which the type of `JSON.stringify` does not say. */
const jsonOf = (value: unknown): string | undefined => JSON.stringify(value)
