import type { IncomingMessage } from 'node:http'
import { isNestedTooDeep, maxDepth } from './nesting.ts'
import { RequestError } from './request-error.ts'

const maxBytes = 10 * 1024 * 1024

/** The request body as text. An oversized body is read to its end and discarded, so that the client reads the error. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= maxBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  if (length > maxBytes) {
    throw new RequestError(413, 'body_too_large', `the body has ${length} bytes; the limit is ${maxBytes}`, {
      param: 'body',
    })
  }
  const text = decoded(Buffer.concat(chunks))
  if (isNestedTooDeep(text)) {
    const message = `the body is nested deeper than ${maxDepth} levels`
    throw new RequestError(400, 'nested_too_deep', message, { param: 'body' })
  }
  return text
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new RequestError(400, 'invalid_encoding', 'the body is not UTF-8', { param: 'body' })
  }
}
