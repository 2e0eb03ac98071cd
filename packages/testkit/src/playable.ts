import { readFileSync } from 'node:fs'
import type { RecordedExchange } from '@rivulet/core'

/** An exchange written by hand: the part of the request that matters, and the answer. */
export interface WrittenExchange {
  /** What the request must be. Only what is given is compared; a JSON body is compared as JSON. */
  request?: {
    method?: string | undefined
    url?: string | undefined
    headers?: Readonly<Record<string, string>> | undefined
    /** Text, JSON as text, or the value that the JSON must have. */
    body?: unknown
  }
  status: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** The body, in the pieces in which it arrived. */
  chunks: readonly (Uint8Array | string)[]
}

/** An exchange to play, recorded or written by hand. */
export interface Playable {
  /** What is compared. `whole`: headers that are not given may not be sent. */
  request: NonNullable<WrittenExchange['request']>
  whole: boolean
  /** Absent when there was no answer. */
  response?: { status: number; headers: Record<string, string> } | undefined
  chunks: readonly { atMs: number; bytes: Uint8Array }[]
  end: RecordedExchange['end']
  error?: string | undefined
}

/** A recording, its file or an exchange written by hand, ready to play. @throws TypeError for anything else. */
export function playable(from: RecordedExchange | WrittenExchange | string | URL): Playable {
  if (typeof from === 'string' || from instanceof URL) return playable(parsedFile(from))
  if ('status' in from) {
    const { request = {}, status, headers, chunks } = from
    return {
      request,
      whole: false,
      response: { status, headers: { ...headers } },
      chunks: chunks.map((chunk) => ({ atMs: 0, bytes: typeof chunk === 'string' ? Buffer.from(chunk) : chunk })),
      end: 'end',
    }
  }
  // Callers without types exist, and files hold anything.
  const { request, response, chunks, end, error } = from as Partial<RecordedExchange>
  if (request === undefined || !Array.isArray(chunks) || end === undefined) {
    throw new TypeError(
      'replay: from is not an exchange. Give what recordExchanges({ to }) wrote, or { status, headers, chunks }.',
    )
  }
  return {
    request,
    whole: true,
    ...(response !== undefined && { response }),
    chunks: chunks.map(({ atMs, text, base64 = '' }) => ({
      atMs,
      bytes: text === undefined ? Buffer.from(base64, 'base64') : Buffer.from(text),
    })),
    end,
    ...(error !== undefined && { error }),
  }
}

function parsedFile(path: string | URL): RecordedExchange {
  try {
    // playable() checks what it is.
    return JSON.parse(readFileSync(path, 'utf8')) as RecordedExchange
  } catch (cause) {
    throw new TypeError(`replay: ${String(path)} cannot be read as a recording.`, { cause })
  }
}
