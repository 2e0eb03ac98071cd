/** What a `data:` URL holds, for the dialects that take media type and base64 apart. */
export interface DataUrl {
  /** As in `'image/png'`, without parameters. */
  mediaType: string
  base64: string
}

/**
 * Reads a `data:` URL as the platform does (Fetch, "data: URL processor"); `undefined` for any other URL.
 *
 * @throws TypeError for a `data:` URL that the platform would not read either. What it holds is not shown.
 * @example
 * readDataUrl('data:image/png;base64,iVBORw0KGgo=') // { mediaType: 'image/png', base64: 'iVBORw0KGgo=' }
 */
export function readDataUrl(url: string): DataUrl | undefined {
  if (!/^data:/i.test(url)) return undefined
  const comma = url.indexOf(',')
  if (comma === -1) throw new TypeError('a data: URL has a comma before its data, as in "data:image/png;base64,…".')
  // A fragment is no part of the data, nor are the line breaks and tabs that a URL may hold.
  const hash = url.indexOf('#', comma)
  const data = url.slice(comma + 1, hash === -1 ? undefined : hash).replaceAll(/[\t\n\r]/g, '')
  const head = url.slice(5, comma).trim()
  const isBase64 = /; *base64$/i.test(head)
  const mediaType = (head.split(';', 1)[0] ?? '').trim().toLowerCase()
  return { mediaType: mediaType === '' ? 'text/plain' : mediaType, base64: isBase64 ? cleaned(data) : written(data) }
}

/** Base64 as everybody reads it: without escapes and white space, with its padding, no bits behind the last byte. */
function cleaned(data: string): string {
  const plain = (data.includes('%') ? textOf(percentDecoded(data)) : data).replaceAll(/[ \t\n\f\r]/g, '')
  const digits = plain.length % 4 === 0 ? plain.replace(/={1,2}$/, '') : plain
  const rest = digits.length % 4
  if (rest === 1 || /[^A-Za-z0-9+/]/.test(digits)) {
    throw new TypeError('the data of a data: URL is not base64. Write it with the letters A–Z, a–z, 0–9, + and /.')
  }
  const whole = digits.length - rest
  return digits.slice(0, whole) + btoa(atob(digits.slice(whole)))
}

/** Text, percent-encoded or not, as base64. */
function written(data: string): string {
  return btoa(textOf(percentDecoded(data)))
}

/** Its bytes; a `%` that escapes nothing stands for itself. */
function percentDecoded(data: string): Uint8Array {
  const bytes = new TextEncoder().encode(data)
  let length = 0
  for (let at = 0; at < bytes.length; at++, length++) {
    const escaped = bytes[at] === PERCENT ? parseInt(hexAt(bytes, at + 1), 16) : Number.NaN
    bytes[length] = Number.isNaN(escaped) ? (bytes[at] ?? 0) : escaped
    if (!Number.isNaN(escaped)) at += 2
  }
  return bytes.subarray(0, length)
}

/** A letter for each byte, as `btoa` and `atob` have it. */
const textOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

const PERCENT = 37

/** Two hexadecimal digits, or nothing. */
function hexAt(bytes: Uint8Array, at: number): string {
  const text = String.fromCharCode(...bytes.subarray(at, at + 2))
  return /^[\da-f]{2}$/i.test(text) ? text : ''
}
