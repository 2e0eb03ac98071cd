import type { IncomingMessage } from 'node:http'
import { Refusal } from './refusal.ts'

const maxBytes = 10 * 1024 * 1024

/** The request's body as text. A body that is too large is read to its end and thrown away, so that the answer is heard. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= maxBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  if (length > maxBytes) {
    throw new Refusal(413, 'body_too_large', `the body has ${length} bytes; at most ${maxBytes} are taken`, {
      param: 'body',
    })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new Refusal(400, 'invalid_encoding', 'the body is not UTF-8', { param: 'body' })
  }
}
