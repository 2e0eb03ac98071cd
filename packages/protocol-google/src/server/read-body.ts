import { Fields } from './fields.ts'

/** The longest body, in UTF-16 units: images and files travel inside. */
const MAX_CHARACTERS = 67_108_864
/** How deep lists and objects may be in each other. Schemas are the deepest that clients send; the API takes 100. */
const MAX_LEVELS = 100

export interface Body {
  text: string
  object: Readonly<Record<string, unknown>>
  fields: Fields
}

/**
 * The body of a request, which may be given as text or parsed.
 *
 * @throws TypeError for one that is not a JSON object, too long or too deep.
 */
export function readBody(given: unknown): Body {
  if (typeof given === 'string' && given.length > MAX_CHARACTERS) {
    throw new TypeError(`the body must have at most ${MAX_CHARACTERS} characters, and has ${given.length}.`)
  }
  const object = typeof given === 'string' ? parsed(given) : given
  const fields = new Fields(object, '')
  checkDepth(object)
  const text = typeof given === 'string' ? given : JSON.stringify(given)
  return { text, object: object as Readonly<Record<string, unknown>>, fields }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError('the body must be JSON.')
  }
}

/** Without recursion, because a stranger nests it. */
function checkDepth(root: unknown): void {
  const waiting: [value: unknown, level: number][] = [[root, 1]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, level] = next
    if (typeof value !== 'object' || value === null) continue
    if (level > MAX_LEVELS) throw new TypeError(`the body must be nested at most ${MAX_LEVELS} levels deep.`)
    for (const inner of Object.values(value)) waiting.push([inner, level + 1])
  }
}
