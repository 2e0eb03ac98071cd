import type { Script } from './exchange.ts'

/** How HTTP/1.1 marks the end of a body: by chunks, by `content-length`, or by closing the connection. */
export type BodyFraming = 'chunked' | 'length' | 'close'

export const FRAMINGS: readonly BodyFraming[] = ['chunked', 'length', 'close']

/** An HTTP answer before it is framed. */
export interface HttpAnswer {
  contentType: string
  body: Uint8Array
  /** @default 200 */
  status?: number | undefined
  headers?: Readonly<Record<string, string>> | undefined
}

/** The status line and the headers, with the empty line after them. */
export function headOf(answer: HttpAnswer, framing: BodyFraming): Uint8Array {
  const { contentType, body, status = 200, headers = {} } = answer
  const lines = [`HTTP/1.1 ${status} Status`]
  if (contentType !== '') lines.push(`content-type: ${contentType}`)
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  if (framing === 'chunked') lines.push('transfer-encoding: chunked')
  else lines.push(framing === 'length' ? `content-length: ${body.length}` : 'connection: close')
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

/** A piece of a body, framed for the wire. */
export function pieceOf(piece: Uint8Array, framing: BodyFraming): Uint8Array {
  if (framing !== 'chunked' || piece.length === 0) return piece
  return Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')])
}

export const LAST_CHUNK: Uint8Array = Buffer.from('0\r\n\r\n')

/** A whole answer, framed for the wire: its head, its body in pieces, and its end. */
export function wireOf(
  answer: HttpAnswer,
  framing: BodyFraming,
  pieces: readonly Uint8Array[] = [answer.body],
): Uint8Array[] {
  const wire = [headOf(answer, framing), ...pieces.map((piece) => pieceOf(piece, framing))]
  if (framing === 'chunked') wire.push(LAST_CHUNK)
  return wire.filter(({ length }) => length > 0)
}

/** A script that writes one piece after another, and then ends or resets the connection, or leaves it open. */
export function writing(pieces: Iterable<Uint8Array>, end?: 'fin' | 'reset'): Script {
  return async (exchange) => {
    for (const piece of pieces) if (!(await exchange.write(piece))) return
    if (end === 'fin') exchange.fin()
    if (end === 'reset') await exchange.reset()
  }
}

/** A script that sends a whole answer. */
export function answering(
  answer: HttpAnswer,
  framing: BodyFraming = 'chunked',
  pieces?: readonly Uint8Array[],
): Script {
  return writing(wireOf(answer, framing, pieces), framing === 'close' ? 'fin' : undefined)
}
