/**
 * Serializes a body. Half a surrogate pair, which a text has that was cut inside a character, becomes U+FFFD: half a pair has
 * no UTF-8, and endpoints refuse its escape. The error for a circular object or a BigInt names its path.
 */
export function toJson(who: string, body: unknown): string {
  try {
    const json = JSON.stringify(body)
    return json.includes('\\ud') ? wellFormed(json) : json
  } catch (cause) {
    if (cause instanceof RangeError) throw new TypeError(`${who}: the request is nested too deep for JSON.`, { cause })
    const path = unserializable(body) ?? 'the request'
    throw new TypeError(`${who}: ${path} can't be written as JSON (circular, or a BigInt).`, { cause })
  }
}

/** `JSON.stringify` escapes a surrogate only when it is unpaired. Every escape is matched, so that `ud83d` after an escaped backslash stays text. */
const wellFormed = (json: string): string =>
  json.replaceAll(/\\(?:ud[\da-f]{3}|[^])/g, (escape) => (escape.length > 2 ? '\ufffd' : escape))

function unserializable(value: unknown, path = '', ancestors: unknown[] = []): string | undefined {
  if (typeof value === 'bigint' || ancestors.includes(value)) return path
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? `[${name}]` : path === '' ? name : `.${name}`
    const found = unserializable(inner, path + step, [...ancestors, value])
    if (found !== undefined) return found
  }
  return undefined
}
