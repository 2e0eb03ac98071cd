import { isRecord, jsonStringEnd } from '@rivulet/core/provider'

/** Deeper than any request of a client: what reads a body level by level must not run out of stack. */
const MOST_LEVELS = 128

export interface Body {
  text: string
  fields: Readonly<Record<string, unknown>>
}

/**
 * A body as text and parsed, whichever was given.
 *
 * @throws TypeError for one that is not a JSON object, or is nested too deep.
 */
export function readBody(given: unknown): Body {
  const text = typeof given === 'string' ? given : written(given)
  if (levelsOf(text) > MOST_LEVELS) throw new TypeError(`the body: must be nested at most ${MOST_LEVELS} levels deep`)
  const fields = typeof given === 'string' ? parsed(text) : given
  if (!isRecord(fields)) throw new TypeError('the body: must be a JSON object')
  return { text, fields }
}

function written(value: unknown): string {
  if (!isRecord(value)) throw new TypeError('the body: must be a JSON object')
  try {
    return JSON.stringify(value)
  } catch {
    throw new TypeError('the body: must be a JSON object that is nested only a few levels deep')
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError('the body: must be valid JSON')
  }
}

/** How deep lists and objects are nested in a text, whether or not it is valid. Each character is read once. */
function levelsOf(text: string): number {
  const marks = /["{}[\]]/g
  let level = 0
  let most = 0
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const [mark] = found
    if (mark === '"') marks.lastIndex = jsonStringEnd(text, found.index + 1)
    else if (mark === '{' || mark === '[') most = Math.max(most, ++level)
    else level--
  }
  return most
}
