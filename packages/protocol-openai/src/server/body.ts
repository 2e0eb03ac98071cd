import { FieldError, isRecord } from '@rivulet/core/provider'

/** The longest body, in UTF-16 units: images and files travel inside. */
const MAX_LENGTH = 67_108_864
/** How deep lists and objects may be in each other; schemas are the deepest that clients send. */
const MAX_DEPTH = 128

/** The body of a request as text and as an object, which may be given as either. */
export function readBody(body: unknown): { text: string; object: Record<string, unknown> } {
  if (typeof body === 'string' && body.length > MAX_LENGTH) {
    throw new FieldError('', `is too long: it has ${body.length} characters, and at most ${MAX_LENGTH} are accepted`)
  }
  const object = typeof body === 'string' ? parsed(body) : body
  if (!isRecord(object)) throw new FieldError('', 'must be a JSON object')
  checkDepth(object)
  return { text: typeof body === 'string' ? body : JSON.stringify(body), object }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new FieldError('', 'is not JSON')
  }
}

/** Without recursion, because a stranger nests it. */
function checkDepth(root: object): void {
  const waiting: [value: object, depth: number][] = [[root, 1]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, depth] = next
    if (depth > MAX_DEPTH) throw new FieldError('', `is nested too deeply: at most ${MAX_DEPTH} levels are accepted`)
    for (const inner of Object.values(value)) {
      if (typeof inner === 'object' && inner !== null) waiting.push([inner as object, depth + 1])
    }
  }
}
