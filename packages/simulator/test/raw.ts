import { connect } from 'node:net'
import type { Simulator } from '../src/index.ts'
import type { Sent } from './client.ts'

/** What came on the socket, to its end: no HTTP client stands between the test and the bytes. */
export interface Raw {
  readonly bytes: Buffer
  /** As latin-1, so that an index is a byte. */
  readonly text: string
  readonly head: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Everything behind the blank line, chunk sizes and all. */
  readonly body: string
  /** The code of the error that ended it; undefined for a FIN. */
  readonly error: string | undefined
}

/**
 * Sends one request over a socket of its own and reads until the other side closes, or until `enough` says so.
 * The request asks the server to close, so that a right answer ends as well.
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

/** The request as it travels. */
export function bytesOf(sim: Simulator, { method = 'POST', path, headers, body }: Sent): string {
  const content = typeof body === 'string' || body === undefined ? (body ?? '') : JSON.stringify(body)
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${new URL(sim.url).host}`, 'connection: close']
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  return `${lines.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(content)}\r\n\r\n${content}`
}

/** What a chunked body holds. */
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
