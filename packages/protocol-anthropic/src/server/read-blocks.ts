import type { CacheMark, FilePart, ImagePart, NativePart, TextPart } from '@rivulet/core'
import { isRecord, shown } from '@rivulet/core/provider'
import { type Block, DIALECT } from '../dialect.ts'

/** A refusal: `at` is where in the body, as the API writes it. */
export const refused = (at: string, right: string): TypeError => new TypeError(`${at}: ${right}`)

/** A string counts as one text block. */
export function blocksOf(at: string, content: unknown): Block[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (!Array.isArray(content)) throw refused(at, 'must be a string or an array of blocks')
  return content.map((block: unknown, index) => {
    if (!isRecord(block) || typeof block.type !== 'string') {
      throw refused(`${at}.${index}`, "must be a block, an object with a type such as 'text'")
    }
    return { ...block, type: block.type }
  })
}

export function stringIn(at: string, block: Readonly<Record<string, unknown>>, field: string): string {
  const value = block[field]
  if (typeof value !== 'string') throw refused(`${at}.${field}`, 'must be a string')
  return value
}

/** The mark for the cache on a block or a tool, as a field of a part. */
export function cacheOf({ cache_control: control }: Readonly<Record<string, unknown>>): { cache?: CacheMark } {
  if (!isRecord(control)) return {}
  return { cache: control.ttl === '1h' || control.ttl === '5m' ? control.ttl : true }
}

/** A block that only this dialect has a word for. */
export const nativePart = (value: Block): NativePart => ({ type: 'native', dialect: DIALECT, value })

/** A block of a user's turn or of a tool's result. One without a field of ours stays as it is. */
export function readPart(at: string, block: Block): TextPart | ImagePart | FilePart | NativePart {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: stringIn(at, block, 'text'), ...cacheOf(block) }
    case 'image': {
      const url = urlOf(at, block.source)
      return url === undefined ? nativePart(block) : { type: 'image', url, ...cacheOf(block) }
    }
    case 'document': {
      const url = urlOf(at, block.source)
      // Citations and context are asked for in words that no other dialect has.
      if (url === undefined || isRecord(block.citations) || typeof block.context === 'string') return nativePart(block)
      const name = typeof block.title === 'string' && { name: block.title }
      return { type: 'file', url, ...name, ...cacheOf(block) }
    }
    default:
      return nativePart(block)
  }
}

/** `undefined` for a source that only the vendor can read, such as the id of a file. */
function urlOf(at: string, source: unknown): string | undefined {
  if (!isRecord(source) || typeof source.type !== 'string') {
    throw refused(`${at}.source`, "must be an object with a type: 'base64', 'url', 'text', 'content' or 'file'")
  }
  switch (source.type) {
    case 'url':
      return stringIn(`${at}.source`, source, 'url')
    case 'base64':
      return `data:${mediaType(`${at}.source`, source)};base64,${stringIn(`${at}.source`, source, 'data')}`
    case 'text':
      return `data:text/plain;base64,${toBase64(stringIn(`${at}.source`, source, 'data'))}`
    case 'content':
    case 'file':
      return undefined
    default:
      throw refused(`${at}.source.type`, `must be base64, url, text, content or file, not "${shown(source.type)}"`)
  }
}

function mediaType(at: string, source: Readonly<Record<string, unknown>>): string {
  const type = stringIn(at, source, 'media_type')
  // It becomes part of a URL.
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(type)) throw refused(`${at}.media_type`, "must be a media type such as 'image/png'")
  return type
}

const toBase64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
