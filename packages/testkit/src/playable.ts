import { readFileSync } from 'node:fs'
import type { RecordedExchange } from '@rivulet/core'

/** An exchange written by hand: only what matters of the request, and what came. */
export interface WrittenExchange {
  /** What the request must be: only what is named here is compared. A body that is JSON is compared as JSON. */
  request?: {
    method?: string | undefined
    url?: string | undefined
    headers?: Readonly<Record<string, string>> | undefined
    /** JSON text, other text, or what the JSON must be. */
    body?: unknown
  }
  status: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** The body as it came, piece by piece. */
  chunks: readonly (Uint8Array | string)[]
}

/** What is played, whichever way it was written down. */
export interface Playable {
  /** What is compared; `whole`: a header that is not named may not be there either. */
  request: NonNullable<WrittenExchange['request']>
  whole: boolean
  /** Absent when there was no answer. */
  response?: { status: number; headers: Record<string, string> } | undefined
  chunks: readonly { atMs: number; bytes: Uint8Array }[]
  end: RecordedExchange['end']
  error?: string | undefined
}

/** Either form as what is played. @throws TypeError for what is neither. */
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
    throw new TypeError('replay: from is no exchange: give what record({ to }) wrote, or { status, headers, chunks }.')
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
    // What it is, playable() looks at.
    return JSON.parse(readFileSync(path, 'utf8')) as RecordedExchange
  } catch (cause) {
    throw new TypeError(`replay: ${String(path)} can't be read as a recording.`, { cause })
  }
}
