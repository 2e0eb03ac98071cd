import { bytesOf, byteText } from '../framing/frame-view.ts'

/** The content of a `data:` URL, for dialects that send media type and base64 as two fields. */
export interface DataUrl {
  /** Lower case, without parameters, and by its registered name: `'image/jpeg'`, also for `image/jpg`. */
  mediaType: string
  base64: string
}

/**
 * Reads a `data:` URL as `fetch()` does (Fetch, "data: URL processor"). Returns `undefined` for any other URL.
 *
 * @throws TypeError for a `data:` URL that `fetch()` refuses too. The message shows nothing of its data.
 * @example
 * readDataUrl('data:image/png;base64,iVBORw0KGgo=') // { mediaType: 'image/png', base64: 'iVBORw0KGgo=' }
 */
export function readDataUrl(url: string): DataUrl | undefined {
  if (!/^data:/i.test(url)) return undefined
  const comma = url.indexOf(',')
  if (comma === -1) throw new TypeError('a data: URL needs a comma before its data, as in "data:image/png;base64,…".')
  // A fragment is not part of the data, nor are line breaks and tabs in the URL.
  const hash = url.indexOf('#', comma)
  const data = url.slice(comma + 1, hash === -1 ? undefined : hash).replaceAll(/[\t\n\r]/g, '')
  const head = url.slice(5, comma).trim()
  const isBase64 = /; *base64$/i.test(head)
  const mediaType = (head.split(';', 1)[0] ?? '').trim().toLowerCase()
  return {
    mediaType: mediaType === '' ? 'text/plain' : (REGISTERED.get(mediaType) ?? mediaType),
    base64: isBase64 ? normalizedBase64(data) : toBase64(data),
  }
}

/** Names that browsers and cameras use, and vendors refuse. */
const REGISTERED: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
])

/** Base64 in its canonical form: no escapes, no white space, with padding, no bits after the last byte. */
function normalizedBase64(data: string): string {
  const plain = (data.includes('%') ? percentDecoded(data) : data).replaceAll(/[ \t\n\f\r]/g, '')
  const digits = plain.length % 4 === 0 ? plain.replace(/={1,2}$/, '') : plain
  const rest = digits.length % 4
  if (rest === 1 || /[^A-Za-z0-9+/]/.test(digits)) {
    throw new TypeError('the data of a data: URL is not base64. Use only the characters A–Z, a–z, 0–9, + and /.')
  }
  const whole = digits.length - rest
  return digits.slice(0, whole) + btoa(atob(digits.slice(whole)))
}

/** Encodes text, percent-encoded or not, as base64. */
function toBase64(data: string): string {
  return btoa(percentDecoded(data))
}

/** A character for each byte, without percent-encoding; a `%` without two hexadecimal digits after it is left as it is. */
const percentDecoded = (data: string): string =>
  byteText(bytesOf(data)).replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))

/**
 * Whether a media type is that of a text, which vendors take as `text/plain`.
 *
 * @example
 * isTextType('text/csv') // true
 */
export const isTextType = (mediaType: string): boolean =>
  /^text\/|\+(json|xml|yaml)$|^application\/(x-)?(json|jsonl|ndjson|xml|yaml|toml|sql|sh|csv|python|javascript|typescript)$/.test(
    mediaType,
  )
