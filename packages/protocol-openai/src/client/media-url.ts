import { ChatError } from '@rivulet/core'
import { shown } from '@rivulet/core/provider'

/**
 * The URL of a part, if the endpoint takes its type. What an address leads to is not known.
 *
 * @param types The media types that the endpoint takes. @default any
 * @throws ChatError `unsupported` for another type.
 */
export function mediaUrl(url: string, what: 'images' | 'files', types: readonly string[] | undefined): string {
  const type = /^data:([^;,]*)/i.exec(url)?.[1]?.trim().toLowerCase()
  if (types?.length === 0) throw new ChatError('unsupported', `this endpoint does not accept ${what}`)
  if (type === undefined) return url
  // No media type has this name, but many programs write it.
  const isJpg = type === 'image/jpg'
  const named = isJpg ? 'image/jpeg' : type
  if (types?.includes(named) === false) {
    throw new ChatError('unsupported', `this endpoint does not accept ${what} of type "${shown(type)}"`)
  }
  return isJpg ? url.replace(/^data:[^;,]*/i, 'data:image/jpeg') : url
}

/** The name of a file that has none. The API requires one, and takes the type of the file from its extension. */
export const fileName = (url: string): string =>
  `file${/^data:[^/;,]+\/([a-z0-9]+)/.exec(url)?.[1]?.replace(/^/, '.') ?? ''}`
