/** An exchange as it went over the wire, without its secrets: plain JSON, for fixtures and for debugging. */

import { deferred } from '../async/deferred.ts'
import { parseJson } from '../dialect/parse-json.ts'
import { byteText } from '../framing/frame-view.ts'
import { redact, secretMarks } from './redact.ts'
import type { HttpRequest, HttpResponse, Transport } from '../transport.ts'

export interface RecordedExchange {
  /** What was sent. A secret in it is `***`. */
  request: {
    method: string
    url: string
    headers: Record<string, string>
    /** Parsed if it is JSON, else text. */
    body?: unknown
  }
  /** Absent when no response arrived. */
  response?: { status: number; headers: Record<string, string> } | undefined
  /** The body, decompressed, in the chunks that arrived. */
  chunks: RecordedChunk[]
  /** How it ended: read to its end, closed by the reader, or broken. */
  end: 'end' | 'cancelled' | 'broken'
  /** The message of the error that broke it. */
  error?: string | undefined
}

export interface RecordedChunk {
  /** Milliseconds since the request was sent. */
  atMs: number
  /** The bytes as text, if they are whole UTF-8 characters. */
  text?: string | undefined
  /** The bytes, if they are not. */
  base64?: string | undefined
}

/** The most bytes of a body that are recorded; the rest is only passed on. */
const MAX_RECORDED_BYTES = 16 * 1024 * 1024

/**
 * Wraps a transport. Calls `onExchange` when an exchange begins; the promise resolves when it ends and never rejects. Requests
 * and responses pass unchanged.
 */
export function recordExchange(
  transport: Transport,
  secrets: readonly string[],
  onExchange: (exchange: Promise<RecordedExchange>) => void,
): Transport {
  return async (request, options) => {
    const startedAt = performance.now()
    const chunks: { atMs: number; bytes: Uint8Array }[] = []
    let size = 0
    let response: HttpResponse | undefined
    let isFinished = false
    const { promise, resolve } = deferred<RecordedExchange>()
    const finish = (end: RecordedExchange['end'], error?: unknown): void => {
      if (isFinished) return
      isFinished = true
      resolve({
        request: redactedRequest(request, secrets),
        ...(response !== undefined && {
          response: { status: response.status, headers: redactedHeaders(response.headers, secrets) },
        }),
        chunks: redactedChunks(chunks, secrets),
        end,
        ...(error !== undefined && { error: redact(error instanceof Error ? error.message : 'aborted', secrets) }),
      })
    }
    onExchange(promise)
    try {
      response = await transport(request, options)
    } catch (error) {
      finish('broken', error)
      throw error
    }
    const inner = response.body[Symbol.asyncIterator]()
    const body: AsyncIterableIterator<Uint8Array, undefined> = {
      async next() {
        try {
          const read = await inner.next()
          if (read.done === true) {
            finish('end')
            return { done: true, value: undefined }
          }
          size += read.value.length
          if (size <= MAX_RECORDED_BYTES) {
            chunks.push({ atMs: Math.round(performance.now() - startedAt), bytes: read.value.slice() })
          }
          return read
        } catch (error) {
          finish('broken', error)
          throw error
        }
      },
      return() {
        finish('cancelled')
        inner.return?.().then(undefined, () => undefined)
        return Promise.resolve({ done: true, value: undefined })
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
    return { ...response, body }
  }
}

function redactedRequest(
  { method, url, headers, body }: HttpRequest,
  secrets: readonly string[],
): RecordedExchange['request'] {
  const text = body === undefined ? undefined : redact(body, secrets)
  return {
    method,
    url: redact(url, secrets),
    headers: redactedHeaders(headers, secrets),
    ...(text !== undefined && { body: objectOrText(text) }),
  }
}

function redactedHeaders(headers: Record<string, string>, secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redact(value, secrets)]))
}

const ASTERISK = 42

/**
 * Each byte of a secret becomes an asterisk. Searches the whole body, because a secret may be split between two chunks, and its
 * end may cut one off.
 */
function redactedChunks(
  chunks: readonly { atMs: number; bytes: Uint8Array }[],
  secrets: readonly string[],
): RecordedChunk[] {
  // A place in this text is one in the bytes.
  const marks = secretMarks(chunks.map(({ bytes }) => byteText(bytes)).join(''), secrets, true)
  let begin = 0
  return chunks.map(({ atMs, bytes }) => {
    const own = marks.subarray(begin, (begin += bytes.length))
    return { atMs, ...asTextOrBase64(bytes.map((byte, at) => (own[at] === 1 ? ASTERISK : byte))) }
  })
}

function asTextOrBase64(bytes: Uint8Array): { text: string } | { base64: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { base64: btoa(byteText(bytes)) }
  }
}

function objectOrText(text: string): unknown {
  const value = parseJson(text)
  return typeof value === 'object' ? value : text
}
