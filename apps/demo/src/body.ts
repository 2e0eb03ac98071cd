import type { IncomingMessage } from 'node:http'
import { errorResponse } from './error-response.ts'

/** Enough for a conversation with a few images. */
const MAX_BYTES = 16 * 1024 * 1024

/** The JSON of a request body, or the error response that rejects it. */
export async function jsonBody(request: IncomingMessage): Promise<{ value: unknown } | Response> {
  // A form on another site can post text, but this type needs a CORS preflight.
  if (!/^application\/json(?:\s*;|$)/i.test(request.headers['content-type'] ?? '')) {
    return errorResponse(415, 'not-json', 'The body must be JSON, sent as application/json.')
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) return tooLarge(request)
  const chunks: Buffer[] = []
  let size = 0
  // An IncomingMessage without an encoding yields buffers.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) return tooLarge(request)
    chunks.push(chunk)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return errorResponse(400, 'bad-json', `The body is not JSON: ${why}`)
  }
}

function tooLarge(request: IncomingMessage): Response {
  // Discard the rest: closing a connection with unread bytes resets it, and the client would lose the response.
  request.resume()
  return errorResponse(413, 'too-large', 'The conversation is larger than 16 MiB: start a new chat.', {
    connection: 'close',
  })
}
