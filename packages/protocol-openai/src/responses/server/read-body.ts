import { isRecord } from '@rivulet/core/provider'

/** Deeper than any schema or document, and no danger to code that follows it down. */
const MAX_DEPTH = 256

/**
 * The body of a request, as text and parsed.
 *
 * @throws TypeError for a body that is not a JSON object, or too deep.
 */
export function readBody(sent: unknown): { text: string; body: Record<string, unknown> } {
  const body: unknown = typeof sent === 'string' ? parsed(sent) : sent
  if (!isRecord(body)) throw new TypeError('the body must be a JSON object')
  if (isDeep(body)) throw new TypeError(`the body must not be nested deeper than ${MAX_DEPTH}`)
  return { text: typeof sent === 'string' ? sent : JSON.stringify(body), body }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError('the body is not JSON')
  }
}

/** Level by level: a call for each would overflow the stack. */
function isDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each as object) : []))
  }
  return false
}
