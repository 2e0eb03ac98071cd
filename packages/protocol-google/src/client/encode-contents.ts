/** The conversation as `contents`: system messages apart, turns alternating between `user` and `model`. */

import { type AssistantMessage, ChatError, type Message, type Part } from '@rivulet/core'
import { isTextType, readDataUrl, shown, toolArguments } from '@rivulet/core/provider'
import { NOT_SIGNED, signaturesOf } from './signatures.ts'

type WirePart = Record<string, unknown>

export interface Contents {
  systemInstruction: { parts: WirePart[] } | undefined
  contents: { role: 'user' | 'model'; parts: WirePart[] }[]
}

/**
 * Leaves out empty texts and turns without content, which the API refuses.
 *
 * @throws ChatError `unsupported` for a file of a type that the API does not take.
 */
export function encodeContents(messages: readonly Message[], provider: string): Contents {
  const system: WirePart[] = []
  const contents: Contents['contents'] = []
  /** A result must name its function, while a `ToolMessage` only has the id of the call. */
  const names = new Map<string, string>()
  const add = (role: 'user' | 'model', parts: WirePart[]): void => {
    if (parts.length === 0) return
    const last = contents.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else contents.push({ role, parts })
  }
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        system.push(...textParts(message.content))
        break
      case 'user':
        add(
          'user',
          typeof message.content === 'string' ? textParts(message.content) : message.content.flatMap(encodePart),
        )
        break
      case 'assistant':
        for (const { id, name } of message.toolCalls ?? []) names.set(id, name)
        add('model', encodeTurn(message, provider))
        break
      case 'tool': {
        const { toolCallId: id, content, isError } = message
        const response = isError === true ? { error: content } : { output: content }
        add('user', [{ functionResponse: { id, name: names.get(id) ?? id, response } }])
        break
      }
    }
  }
  // The results of a turn's calls must come first in the next.
  for (const { parts } of contents) parts.sort((a, b) => Number(isResult(b)) - Number(isResult(a)))
  return { systemInstruction: system.length > 0 ? { parts: system } : undefined, contents }
}

function encodeTurn(message: AssistantMessage, provider: string): WirePart[] {
  const { content, toolCalls = [], origin } = message
  const { calls, others } = signaturesOf(message, provider)
  const parts = textParts(content)
  // Signed and unsigned text must not be joined: the signature goes in an empty text part, as it came.
  for (const thoughtSignature of others) parts.push({ text: '', thoughtSignature })
  for (const [index, call] of toolCalls.entries()) {
    // Only the first of parallel calls is signed.
    const signature = calls.get(index) ?? (index === 0 && origin !== provider ? NOT_SIGNED : undefined)
    parts.push({
      functionCall: { id: call.id, name: call.name, args: toolArguments(call) },
      ...(signature !== undefined && { thoughtSignature: signature }),
    })
  }
  return parts
}

const textParts = (text: string): WirePart[] => (text === '' ? [] : [{ text }])

const isResult = ({ functionResponse }: WirePart): boolean => functionResponse !== undefined

function encodePart(part: Part): WirePart[] {
  if (part.type === 'text') return textParts(part.text)
  const data = readDataUrl(part.url)
  if (data === undefined) return [{ fileData: { fileUri: part.url, mimeType: mimeTypeOf(part.url, part.type) } }]
  const { mediaType, base64 } = data
  return [{ inlineData: { mimeType: acceptedType(mediaType), data: base64 } }]
}

/** @see https://ai.google.dev/gemini-api/docs/file-input-methods (2026-11-20) */
function acceptedType(mediaType: string): string {
  if (/^(text|image|audio|video)\/|^application\/pdf$/.test(mediaType)) return mediaType
  if (isTextType(mediaType)) return 'text/plain'
  throw new ChatError(
    'unsupported',
    `files of type ${shown(mediaType)} are not taken: give a text, a PDF, an image, a sound or a video`,
  )
}

const MIME_TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
}

/** The API requires the media type: without a known extension, the most common type is assumed. */
function mimeTypeOf(url: string, type: Exclude<Part['type'], 'text'>): string {
  const extension = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? ''
  return MIME_TYPES[extension] ?? (type === 'image' ? 'image/jpeg' : 'application/pdf')
}
