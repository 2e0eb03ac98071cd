/**
 * A text as JSON; `undefined` for a text that is not.
 *
 * @example
 * parseJson('{"ok":true}') // { ok: true }
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
