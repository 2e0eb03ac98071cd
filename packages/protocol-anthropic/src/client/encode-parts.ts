import { ChatError, type FilePart, type ImagePart, type NativePart, type TextPart } from '@rivulet/core'
import { type Dropped, isTextType, readDataUrl, shown } from '@rivulet/core/provider'
import { type Block, DIALECT } from '../dialect.ts'
import { cached } from './cache-marks.ts'

/**
 * The blocks of the parts that a user's turn and a tool's result may have.
 *
 * @throws ChatError `unsupported` for a file of a type that the API does not take.
 */
export function encodePart(part: TextPart | ImagePart | FilePart | NativePart, dropped: Dropped): Block[] {
  if (part.type === 'native') return encodeNative(part, dropped)
  return cached(part.type === 'text' ? textBlocks(part.text) : [encodeFile(part)], part.cache, dropped)
}

/** A block of this dialect is sent as it is. */
export function encodeNative({ dialect, value }: NativePart, dropped: Dropped): Block[] {
  // A copy, because a mark for the cache may have to go.
  if (dialect === DIALECT && typeof value.type === 'string') return [{ ...value, type: value.type }]
  dropped.add(`native parts of ${dialect}`)
  return []
}

export const textBlocks = (text: string): Block[] => (hasWords(text) ? [{ type: 'text', text }] : [])

/** Whether a text is more than white space and control characters: the API refuses any other. */
export const hasWords = (text: string): boolean => /[^\s\p{Cc}]/u.test(text)

function encodeFile(part: ImagePart | FilePart): Block {
  const title = part.type === 'file' && part.name !== undefined && { title: part.name }
  const data = readDataUrl(part.url)
  if (data === undefined) {
    const source = { type: 'url', url: part.url }
    return part.type === 'image' ? { type: 'image', source } : { type: 'document', source, ...title }
  }
  const { mediaType, base64 } = data
  const source = { type: 'base64', media_type: mediaType, data: base64 }
  if (IMAGES.has(mediaType)) return { type: 'image', source }
  if (part.type === 'file' && mediaType === 'application/pdf') return { type: 'document', source, ...title }
  if (part.type === 'file' && isTextType(mediaType)) {
    const text = { type: 'text', media_type: 'text/plain', data: fromBase64(base64) }
    return { type: 'document', source: text, ...title }
  }
  throw new ChatError(
    'unsupported',
    `${part.type}s of type ${shown(mediaType)} are not taken: give a PNG, JPEG, GIF or WebP image, a PDF, or a text`,
  )
}

/** @see https://platform.claude.com/docs/en/build-with-claude/vision (2026-11-20) */
const IMAGES: ReadonlySet<string> = /* @__PURE__ */ new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

const fromBase64 = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)))
