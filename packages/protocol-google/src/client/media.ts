import { ChatError, type FilePart, type ImagePart } from '@rivulet/core'
import { isTextType, readDataUrl, shown } from '@rivulet/core/provider'

/** An image or a document as a part: its data, or its address. */
export function encodeMedia({ url, type }: ImagePart | FilePart): Record<string, unknown> {
  const data = readDataUrl(url)
  if (data === undefined) return { fileData: { fileUri: url, mimeType: mimeTypeOf(url, type) } }
  return { inlineData: { mimeType: acceptedType(data.mediaType), data: data.base64 } }
}

/**
 * Whether the result of a tool may have this part inside it: some types, and data only.
 *
 * @see https://ai.google.dev/gemini-api/docs/function-calling#multimodal (2026-11-20)
 */
export const fitsResult = ({ inlineData }: Record<string, unknown>): boolean =>
  RESULT_TYPES.has((inlineData as { mimeType?: string } | undefined)?.mimeType)

const RESULT_TYPES: ReadonlySet<string | undefined> = /* @__PURE__ */ new Set([
  'image/png',
  'image/jpeg',
  'image/webp',
  'application/pdf',
  'text/plain',
])

/** @see https://ai.google.dev/gemini-api/docs/file-input-methods (2026-11-20) */
function acceptedType(mediaType: string): string {
  if (/^(text|image|audio|video)\/|^application\/pdf$/.test(mediaType)) return mediaType
  if (isTextType(mediaType)) return 'text/plain'
  throw new ChatError(
    'unsupported',
    `files of type ${shown(mediaType)} are not taken: give a text, a PDF, an image, a sound or a video`,
  )
}

const MIME_TYPES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
  ['heic', 'image/heic'],
  ['pdf', 'application/pdf'],
  ['txt', 'text/plain'],
  ['md', 'text/markdown'],
  ['csv', 'text/csv'],
  ['html', 'text/html'],
])

/** The API requires the media type: without a known extension, the most common type is assumed. */
function mimeTypeOf(url: string, type: 'image' | 'file'): string {
  const extension = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? ''
  return MIME_TYPES.get(extension) ?? (type === 'image' ? 'image/jpeg' : 'application/pdf')
}
