/** Serializes a body. The error for a circular object or a BigInt names its path. */
export function toJson(who: string, body: unknown): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    const path = unserializable(body) ?? 'the request'
    throw new TypeError(`${who}: ${path} can't be written as JSON (circular, or a BigInt).`, { cause })
  }
}

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
