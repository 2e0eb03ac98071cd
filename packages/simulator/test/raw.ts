import { connect } from 'node:net'
import type { Simulator } from '../src/index.ts'
import type { Sent } from './client.ts'

/** The bytes that arrived on a socket, without an HTTP client in between. */
export interface Raw {
  readonly bytes: Buffer
  /** As latin-1, so that an index is a byte. */
  readonly text: string
  readonly head: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Everything after the blank line, including chunk sizes. */
  readonly body: string
  /** The code of the error that ended it; undefined for a FIN. */
  readonly error: string | undefined
}

/**
 * Sends one request over a new socket and reads until the server closes, or until `enough` returns true. The request has
 * `connection: close`, so that a correct answer ends too.
 */
export async function raw(sim: Simulator, sent: Sent, enough: (text: string) => boolean = () => false): Promise<Raw> {
  const { hostname, port } = new URL(sim.url)
  const socket = connect(Number(port), hostname)
  socket.write(bytesOf(sim, sent))
  const chunks: Buffer[] = []
  let error: string | undefined
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      if (enough(Buffer.concat(chunks).toString('latin1'))) break
    }
  } catch (thrown) {
    error = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)
  }
  const bytes = Buffer.concat(chunks)
  const text = bytes.toString('latin1')
  const at = text.indexOf('\r\n\r\n')
  const [head, body] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 4)]
  const headers = Object.fromEntries(
    [...head.matchAll(/^([^:\r\n]+): (.*?)\r?$/gm)].map(([, name = '', value]) => [name.toLowerCase(), value ?? '']),
  )
  return { bytes, text, head, headers, body, error }
}

/** The request as bytes on the wire. */
export function bytesOf(sim: Simulator, { method = 'POST', path, headers, body }: Sent): string {
  const content = typeof body === 'string' || body === undefined ? (body ?? '') : JSON.stringify(body)
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${new URL(sim.url).host}`, 'connection: close']
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  return `${lines.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`
}

/** The content of a chunked body. */
export function unchunked(body: string): string {
  let content = ''
  let at = 0
  for (;;) {
    const end = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.slice(at, end), 16)
    if (end < 0 || !(size > 0)) return content
    content += body.slice(end + 2, end + 2 + size)
    at = end + 4 + size
  }
}
