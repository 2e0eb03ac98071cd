/** Parts of the AI SDK as plain JSON, which messages and events of ours are, and back. */

import { isRecord } from '@rivulet/core/provider'

type Fields = Readonly<Record<string, unknown>>

/** Bytes become base64, URLs their text. */
export function toJson(part: object): Fields {
  // What is copied of an object is one.
  return copied(part) as Fields
}

function copied(value: unknown): unknown {
  if (value instanceof Uint8Array) return base64(value)
  if (value instanceof URL) return value.href
  if (Array.isArray(value)) return value.map(copied)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => (field === undefined ? [] : [[name, copied(field)]])),
  )
}

/** The part with its URLs: those of its own data, and of a tool result's files. */
export function fromJson(part: Fields): Fields {
  const { output } = part
  const isContent = isRecord(output) && output.type === 'content' && Array.isArray(output.value)
  const items = isContent ? (output.value as unknown[]) : undefined
  const withFiles = items && {
    output: { ...(output as Fields), value: items.map((item) => (isRecord(item) ? withUrl(item) : item)) },
  }
  return { ...withUrl(part), ...withFiles }
}

function withUrl(part: Fields): Fields {
  const { data } = part
  const isUrl = isRecord(data) && data.type === 'url' && typeof data.url === 'string' && URL.canParse(data.url)
  return isUrl ? { ...part, data: { ...data, url: new URL(String(data.url)) } } : part
}

const STEP = 0x8000

/** In steps: a call takes only so many arguments. */
export function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += STEP) binary += String.fromCharCode(...bytes.subarray(at, at + STEP))
  return btoa(binary)
}
