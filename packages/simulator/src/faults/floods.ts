import type { Framing, Part } from '../dialect.ts'
import { type FaultDefinition, fault } from '../fault.ts'
import { writeHead, writeParts, type PendingAnswer, splitAfter, sendParts } from '../pending-answer.ts'
import type { Wire } from '../wire.ts'

const hundredMiB = 100 * 1024 * 1024

/** Padding that leaves an answer valid except for its size: how it opens, what repeats, how it closes. */
type Padding = Readonly<Record<Framing, readonly [open: string, fill: string, close: string]>>

const line: Padding = {
  sse: ['data: {"padding":"', 'x', '"}\n\n'],
  lines: ['{"padding":"', 'x', '"}\n'],
  document: ['{"padding":"', 'x', '",'],
  text: ['', 'x', ''],
}

const frame: Padding = {
  sse: ['', 'data: "no blank line comes, so the event goes on"\n', '\n'],
  lines: ['', ' ', '\n'],
  document: ['{', ' ', ''],
  text: ['', 'x', ''],
}

/** Faults of excessive size. Each respects backpressure and stops when the client disconnects. */
export const floods = {
  'endless-error': fault({
    summary: 'answers 503 with a body that never ends',
    breaks: true,
    options: { status: 503 },
    async apply({ wire }, { status }) {
      wire.head(status, { 'content-type': 'application/json' })
      await wire.write(Buffer.from(error[0]))
      await pour(wire, Infinity, 'x')
    },
  }),
  'huge-error': fault({
    summary: 'answers 500 with an error body of `bytes` and the correct content-length',
    breaks: true,
    options: { status: 500, bytes: hundredMiB },
    async apply({ wire }, { status, bytes }) {
      const around = Buffer.byteLength(error.join(''))
      const length = Math.max(bytes, around)
      wire.head(status, { 'content-type': 'application/json', 'content-length': String(length) })
      await wire.write(Buffer.from(error[0]))
      await pour(wire, length - around, 'x')
      await wire.write(Buffer.from(error[1]))
      await wire.end()
    },
  }),
  'endless-line': fault({
    summary: 'sends one line of `bytes` after some tokens, then the rest; in a document the line comes first',
    breaks: true,
    options: { bytes: hundredMiB, afterEvents: 3 },
    apply: (pending, options) => pad(pending, line, options),
  }),
  'endless-frame': fault({
    summary:
      'sends a frame that never ends, or ends after `bytes`: data lines without a blank line, white space, or text',
    breaks: true,
    options: { bytes: null, afterEvents: 3 },
    apply: (pending, { bytes = Infinity, afterEvents }) => pad(pending, frame, { bytes, afterEvents }),
  }),
  'header-bomb': fault({
    summary: 'sends `bytes` of headers before the answer',
    breaks: true,
    options: { bytes: 1024 * 1024 },
    async apply(pending, { bytes }) {
      const size = 8 * 1024
      const headers: Record<string, string> = {}
      for (let left = bytes, at = 0; left > 0; left -= size, at++)
        headers[`x-bomb-${at}`] = 'x'.repeat(Math.min(size, left))
      await sendParts(pending, pending.reply.parts, { headers })
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

const error = [
  '{"error":{"message":"The server had an error. ',
  '","type":"server_error","code":"server_error"}}',
] as const

async function pad(
  pending: PendingAnswer,
  padding: Padding,
  { bytes, afterEvents }: { readonly bytes: number; readonly afterEvents: number },
): Promise<void> {
  const { wire, reply } = pending
  const [open, fill, close] = padding[reply.framing]
  const [before, after] = reply.isDocument ? [[], withoutBrace(reply.parts)] : splitAfter(reply.parts, { afterEvents })
  writeHead(pending)
  await writeParts(pending, before)
  await wire.write(Buffer.from(open))
  await pour(wire, Math.max(0, bytes - Buffer.byteLength(`${open}${close}`.trimEnd())), fill)
  await wire.write(Buffer.from(close))
  await writeParts(pending, after)
  await wire.end()
}

/** A document without its opening brace, which has been written already. */
function withoutBrace([first, ...rest]: readonly Part[]): Part[] {
  return first === undefined ? [] : [{ ...first, bytes: first.bytes.subarray(1) }, ...rest]
}

/** Writes `bytes` bytes of repeated `fill`, 64 KiB at a time, as fast as the client reads. */
async function pour(wire: Wire, bytes: number, fill: string): Promise<void> {
  const block = Buffer.from(fill.repeat(Math.ceil((64 * 1024) / fill.length)))
  for (let left = bytes; left > 0; left -= block.length) {
    await wire.write(left < block.length ? block.subarray(0, left) : block)
    // Even if the client keeps up with every write, let the event loop notice that it disconnected.
    await wire.turn()
  }
}
