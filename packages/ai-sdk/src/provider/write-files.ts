import type { LanguageModelV4FilePart } from '@ai-sdk/provider'
import type { FilePart, ImagePart } from '@rivulet/core'
import { readDataUrl } from '@rivulet/core/provider'
import { cacheOptions } from './cache-options.ts'

/** An image or a file as the AI SDK's file part. */
export function writeFile(part: ImagePart | FilePart): LanguageModelV4FilePart {
  const { url } = part
  const filename = part.type === 'file' && part.name !== undefined ? { filename: part.name } : {}
  const data = readDataUrl(url)
  const marked = cacheOptions(part.cache)
  if (data !== undefined) {
    return {
      type: 'file',
      mediaType: data.mediaType,
      data: { type: 'data', data: data.base64 },
      ...filename,
      ...marked,
    }
  }
  const mediaType = part.type === 'image' ? 'image/*' : typeOfName(part.name ?? url)
  return { type: 'file', mediaType, data: { type: 'url', url: new URL(url), originalUrl: url }, ...filename, ...marked }
}

const TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
}

/** The type of a file that only its name tells; a document is most often a PDF. */
const typeOfName = (name: string): string =>
  TYPES[/\.(\w+)(?:[?#].*)?$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/pdf'
