import { type LanguageModelV4FilePart, UnsupportedFunctionalityError } from '@ai-sdk/provider'
import type { FilePart, ImagePart, NativePart, Provider } from '@rivulet/core'
import { extraKeys } from '@rivulet/core/provider'
import { DIALECT } from '../native.ts'
import { base64, toJson } from '../sdk-json.ts'
import { cacheOf } from './read-options.ts'

/**
 * A file of a prompt or of a tool's result: an image, or a document.
 *
 * @throws UnsupportedFunctionalityError for a file that is named by a vendor's id, unless AI SDK models are below.
 */
export function readFile(
  provider: Provider,
  { data, mediaType, filename, providerOptions }: Omit<LanguageModelV4FilePart, 'type'>,
): ImagePart | FilePart | NativePart {
  const cache = cacheOf(providerOptions)
  const marked = { ...(cache !== undefined && { cache }) }
  const file = (url: string): FilePart => ({
    type: 'file',
    url,
    ...(filename !== undefined && { name: filename }),
    ...marked,
  })
  switch (data.type) {
    case 'url': {
      const url = data.originalUrl ?? data.url.href
      return isImage(mediaType) ? { type: 'image', url, ...marked } : file(url)
    }
    case 'data': {
      const content = typeof data.data === 'string' ? data.data : base64(data.data)
      const url = `data:${isFull(mediaType) ? mediaType : detected(content, mediaType)};base64,${content}`
      return isImage(mediaType) ? { type: 'image', url, ...marked } : file(url)
    }
    case 'text':
      return file(
        `data:${isFull(mediaType) ? mediaType : 'text/plain'};base64,${base64(new TextEncoder().encode(data.text))}`,
      )
    case 'reference': {
      if (extraKeys(provider).includes(DIALECT)) {
        return {
          type: 'native',
          dialect: DIALECT,
          value: toJson({ type: 'file', data, mediaType, filename, providerOptions }),
        }
      }
      throw new UnsupportedFunctionalityError({
        functionality: `a file by the id of a provider (${Object.keys(data.reference).join(', ')})`,
        message: `${provider.id}: a file that ${Object.keys(data.reference).join(' and ')} keeps under an id is not there for other vendors. Pass its data or its URL.`,
      })
    }
  }
}

const isImage = (mediaType: string): boolean => mediaType === 'image' || mediaType.startsWith('image/')
const isFull = (mediaType: string): boolean => mediaType.includes('/') && !mediaType.endsWith('/*')

/** The first characters of a file in base64. */
const BEGINNINGS: readonly (readonly [beginning: string, mediaType: string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
  ['JVBERi', 'application/pdf'],
  ['SUQz', 'audio/mpeg'],
]

/** The type of a file whose caller gives only the first half of it, such as `image`. */
function detected(content: string, mediaType: string): string {
  const top = mediaType.replace(/\/\*$/, '')
  const known = BEGINNINGS.find(([beginning, type]) => content.startsWith(beginning) && type.startsWith(`${top}/`))
  if (known !== undefined) return known[1]
  throw new UnsupportedFunctionalityError({
    functionality: `a file of type "${mediaType}"`,
    message: `The type of a file is "${mediaType}", and its first bytes do not say the rest: give a whole one, such as image/png.`,
  })
}
