/** The conversation as `contents`: system messages apart, turns alternating between `user` and `model`. */

import type { AssistantMessage, Message, Part } from '@rivulet/core'
import { readDataUrl, toolArguments } from '@rivulet/core/provider'
import { NOT_SIGNED, signaturesOf } from './signatures.ts'

type WirePart = Record<string, unknown>

export interface Contents {
  systemInstruction: { parts: WirePart[] } | undefined
  contents: { role: 'user' | 'model'; parts: WirePart[] }[]
}

export function encodeContents(messages: readonly Message[], provider: string): Contents {
  const system: WirePart[] = []
  const contents: Contents['contents'] = []
  /** A result must name its function, while a `ToolMessage` only has the id of the call. */
  const names = new Map<string, string>()
  const add = (role: 'user' | 'model', parts: WirePart[]): void => {
    const last = contents.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else contents.push({ role, parts })
  }
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        system.push({ text: message.content })
        break
      case 'user':
        add('user', typeof message.content === 'string' ? [{ text: message.content }] : message.content.map(encodePart))
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
  return { systemInstruction: system.length > 0 ? { parts: system } : undefined, contents }
}

function encodeTurn(message: AssistantMessage, provider: string): WirePart[] {
  const { content, toolCalls = [], origin } = message
  const { calls, others } = signaturesOf(message, provider)
  const parts: WirePart[] = content === '' ? [] : [{ text: content }]
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
  return parts.length > 0 ? parts : [{ text: '' }]
}

function encodePart(part: Part): WirePart {
  if (part.type === 'text') return { text: part.text }
  const data = readDataUrl(part.url)
  if (data !== undefined) return { inlineData: { mimeType: data.mediaType, data: data.base64 } }
  return { fileData: { fileUri: part.url, mimeType: mimeTypeOf(part.url, part.type) } }
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
