import type { IncomingMessage } from 'node:http'
import { refusal } from './refusal.ts'

const MAX_BYTES = 1024 * 1024

/** The JSON of a request's body, or the response that refuses it. */
export async function jsonBody(request: IncomingMessage): Promise<{ value: unknown } | Response> {
  // A form of another site can post text, but not this type without asking first.
  if (!/^application\/json(?:\s*;|$)/i.test(request.headers['content-type'] ?? '')) {
    return refusal(415, 'not-json', 'The body must be JSON, sent as application/json.')
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES) return tooLarge(request)
  const chunks: Buffer[] = []
  let size = 0
  // An IncomingMessage without an encoding gives buffers.
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
    return refusal(400, 'bad-json', `The body is not JSON: ${why}`)
  }
}

function tooLarge(request: IncomingMessage): Response {
  // Read on to nowhere: a connection that is closed on unread bytes is reset, and the answer is lost with it.
  request.resume()
  return refusal(413, 'too-large', 'The conversation is larger than 1 MiB: begin a new chat.', { connection: 'close' })
}
