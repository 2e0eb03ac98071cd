/** An exchange as it went over the wire, without its secrets: plain JSON, for fixtures and for looking at. */

import { redact, spellingsOf } from './redact.ts'
import type { HttpRequest, HttpResponse, Transport } from '../transport.ts'

export interface RecordedExchange {
  request: {
    method: string
    url: string
    headers: Record<string, string>
    /** Parsed, where it is JSON. */
    body?: unknown
  }
  /** Absent when there was no answer. */
  response?: { status: number; headers: Record<string, string> } | undefined
  /** The body as it came, piece by piece, decompressed. */
  chunks: RecordedChunk[]
  /** How it ended: at its end, left by the reader, or broken. */
  end: 'end' | 'cancelled' | 'broken'
  /** What it broke with. */
  error?: string | undefined
}

export interface RecordedChunk {
  /** Milliseconds since the request was sent. */
  atMs: number
  /** The bytes as text, where they are whole UTF-8 characters. */
  text?: string | undefined
  /** The bytes otherwise. */
  base64?: string | undefined
}

/** The most of a body that is recorded; what comes behind it is passed on and not recorded. */
const MAX_RECORDED_BYTES = 16 * 1024 * 1024

/**
 * The transport, telling of each exchange when it begins; the promise resolves when it is over and never rejects. What is
 * sent and given is not changed.
 */
export function recordExchange(
  transport: Transport,
  secrets: readonly string[],
  onExchange: (exchange: Promise<RecordedExchange>) => void,
): Transport {
  return async (request, options) => {
    const startedAt = performance.now()
    const pieces: { atMs: number; bytes: Uint8Array }[] = []
    let size = 0
    let response: HttpResponse | undefined
    const { promise, resolve } = Promise.withResolvers<RecordedExchange>()
    const tell = (end: RecordedExchange['end'], error?: unknown): void => {
      resolve({
        request: redactedRequest(request, secrets),
        ...(response !== undefined && {
          response: { status: response.status, headers: redactedHeaders(response.headers, secrets) },
        }),
        chunks: redactedChunks(pieces, secrets),
        end,
        ...(error !== undefined && { error: redact(error instanceof Error ? error.message : 'aborted', secrets) }),
      })
    }
    onExchange(promise)
    try {
      response = await transport(request, options)
    } catch (error) {
      tell('broken', error)
      throw error
    }
    const inner = response.body[Symbol.asyncIterator]()
    const body: AsyncIterableIterator<Uint8Array, undefined> = {
      async next() {
        try {
          const read = await inner.next()
          if (read.done === true) {
            tell('end')
            return { done: true, value: undefined }
          }
          size += read.value.length
          if (size <= MAX_RECORDED_BYTES) {
            pieces.push({ atMs: Math.round(performance.now() - startedAt), bytes: read.value.slice() })
          }
          return read
        } catch (error) {
          tell('broken', error)
          throw error
        }
      },
      return() {
        tell('cancelled')
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
    ...(text !== undefined && { body: parsed(text) }),
  }
}

function redactedHeaders(headers: Record<string, string>, secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redact(value, secrets)]))
}

/** A secret may stand across two chunks: it is looked for in the whole body, and overwritten where it stands. */
function redactedChunks(
  pieces: readonly { atMs: number; bytes: Uint8Array }[],
  secrets: readonly string[],
): RecordedChunk[] {
  const whole = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0))
  let end = 0
  for (const { bytes } of pieces) {
    whole.set(bytes, end)
    end += bytes.length
  }
  const encoder = new TextEncoder()
  for (const spelling of secrets.flatMap(spellingsOf)) overwrite(whole, encoder.encode(spelling))
  let at = 0
  return pieces.map(({ atMs, bytes }) => ({ atMs, ...written(whole.subarray(at, (at += bytes.length))) }))
}

function overwrite(bytes: Uint8Array, secret: Uint8Array): void {
  for (let at = bytes.indexOf(secret[0] ?? -1); at !== -1; at = bytes.indexOf(secret[0] ?? -1, at + 1)) {
    if (secret.every((byte, index) => bytes[at + index] === byte)) bytes.fill(ASTERISK, at, at + secret.length)
  }
}

const ASTERISK = 42

function written(bytes: Uint8Array): { text: string } | { base64: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) }
  }
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? value : text
  } catch {
    return text
  }
}
