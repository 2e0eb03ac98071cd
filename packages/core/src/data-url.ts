/** What a `data:` URL holds, for the dialects that take media type and base64 apart. */
export interface DataUrl {
  /** As in `'image/png'`, without parameters. */
  mediaType: string
  base64: string
}

/**
 * Reads a `data:` URL (RFC 2397); `undefined` for any other URL.
 *
 * @example
 * readDataUrl('data:image/png;base64,iVBORw0KGgo=') // { mediaType: 'image/png', base64: 'iVBORw0KGgo=' }
 */
export function readDataUrl(url: string): DataUrl | undefined {
  const comma = url.indexOf(',')
  if (comma === -1 || !/^data:/i.test(url)) return undefined
  const [mediaType = '', ...parameters] = url.slice(5, comma).split(';')
  const data = url.slice(comma + 1)
  return {
    mediaType: mediaType === '' ? 'text/plain' : mediaType.toLowerCase(),
    base64: parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64') ? data : toBase64(data),
  }
}

/** Percent-encoded text as base64; what is not percent-encoded well is taken as it is. */
function toBase64(data: string): string {
  let text = data
  try {
    text = decodeURIComponent(data)
  } catch {
    // It is the text itself.
  }
  const bytes = new TextEncoder().encode(text)
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}
