/**
 * The value of a JSON text that is still being written: everything that is whole of it so far, and what has come of a string. A
 * number or a literal is whole only when something follows it. `undefined` while nothing is.
 */
export function partialJson(text: string): unknown {
  const { end, isString } = wholeUpTo(text)
  if (end === 0) return undefined
  try {
    const whole = text.slice(0, end)
    return JSON.parse(whole + (isString ? '"' : '') + closingOf(whole))
  } catch {
    return undefined
  }
}

/** Up to where the text can be kept, and whether that is inside a string. */
function wholeUpTo(text: string): { end: number; isString: boolean } {
  /** Of each list or object that is open, whether it is an object. */
  const objects: boolean[] = []
  let expectsName = false
  let end = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text[at]
    if (unit === '"') {
      const stop = stringStop(text, at + 1)
      if (stop.isOpen) return expectsName ? { end, isString: false } : { end: stop.at, isString: true }
      if (!expectsName) end = stop.at
      at = stop.at - 1
    } else if (unit === '{' || unit === '[') {
      objects.push(unit === '{')
      expectsName = unit === '{'
      end = at + 1
    } else if (unit === '}' || unit === ']') {
      objects.pop()
      expectsName = false
      end = at + 1
    } else if (unit === ',') {
      expectsName = objects.at(-1) === true
      end = at
    } else if (unit === ':') expectsName = false
  }
  return { end, isString: false }
}

/** Where a string ends, or how far it has come without half of an escape or of a character. */
function stringStop(text: string, from: number): { at: number; isOpen: boolean } {
  let at = from
  while (at < text.length) {
    const unit = text[at]
    if (unit === '"') return { at: at + 1, isOpen: false }
    const length = unit === '\\' ? (text[at + 1] === 'u' ? 6 : 2) : 1
    if (at + length > text.length) break
    at += length
  }
  const isHalf = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800
  return { at: isHalf ? at - 1 : at, isOpen: true }
}

/** What closes the lists and objects that are open at the end of a text. */
function closingOf(text: string): string {
  const closers: string[] = []
  for (let at = 0; at < text.length; at++) {
    const unit = text[at]
    if (unit === '"') at = stringStop(text, at + 1).at - 1
    else if (unit === '{') closers.push('}')
    else if (unit === '[') closers.push(']')
    else if (unit === '}' || unit === ']') closers.pop()
  }
  return closers.reverse().join('')
}
