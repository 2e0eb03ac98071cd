import type { Framing, Part } from '../dialect.ts'
import { type FaultDefinition, fault } from '../fault.ts'
import { openReply, play, type Scene, splitAt, tell } from '../scene.ts'
import type { Wire } from '../wire.ts'

const hundredMiB = 100 * 1024 * 1024

/** How padding is put into an answer so that only its size is wrong: what opens it, what fills it, what closes it. */
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

/** Faults of too much: each waits while the client reads slowly, and stops when it leaves. */
export const floods = {
  'endless-error': fault({
    summary: 'answers 503 with a body that never ends',
    breaks: true,
    options: { status: 503 },
    async act({ wire }, { status }) {
      wire.head(status, { 'content-type': 'application/json' })
      await wire.write(Buffer.from(error[0]))
      await pour(wire, Infinity, 'x')
    },
  }),
  'huge-error': fault({
    summary: 'answers 500 with an error body of `bytes` and its true length',
    breaks: true,
    options: { status: 500, bytes: hundredMiB },
    async act({ wire }, { status, bytes }) {
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
    act: (scene, options) => pad(scene, line, options),
  }),
  'endless-frame': fault({
    summary: 'sends a frame that does not end (or after `bytes`): data lines without a blank one, white space, text',
    breaks: true,
    options: { bytes: null, afterEvents: 3 },
    act: (scene, { bytes = Infinity, afterEvents }) => pad(scene, frame, { bytes, afterEvents }),
  }),
  'header-bomb': fault({
    summary: 'sends `bytes` of headers in front of the answer',
    breaks: true,
    options: { bytes: 1024 * 1024 },
    async act(scene, { bytes }) {
      const size = 8 * 1024
      const headers: Record<string, string> = {}
      for (let left = bytes, at = 0; left > 0; left -= size, at++)
        headers[`x-bomb-${at}`] = 'x'.repeat(Math.min(size, left))
      await tell(scene, scene.reply.parts, { headers })
    },
  }),
} satisfies Readonly<Record<string, FaultDefinition>>

const error = [
  '{"error":{"message":"The server had an error. ',
  '","type":"server_error","code":"server_error"}}',
] as const

async function pad(
  scene: Scene,
  padding: Padding,
  { bytes, afterEvents }: { readonly bytes: number; readonly afterEvents: number },
): Promise<void> {
  const { wire, reply } = scene
  const [open, fill, close] = padding[reply.framing]
  const [before, after] = reply.whole ? [[], withoutBrace(reply.parts)] : splitAt(reply.parts, { afterEvents })
  openReply(scene)
  await play(scene, before)
  await wire.write(Buffer.from(open))
  await pour(wire, Math.max(0, bytes - Buffer.byteLength(`${open}${close}`.trimEnd())), fill)
  await wire.write(Buffer.from(close))
  await play(scene, after)
  await wire.end()
}

/** A document whose opening brace has been written already. */
function withoutBrace([first, ...rest]: readonly Part[]): Part[] {
  return first === undefined ? [] : [{ ...first, bytes: first.bytes.subarray(1) }, ...rest]
}

/** Writes so many bytes of the same, 64 KiB at a time, as fast as they are read. */
async function pour(wire: Wire, bytes: number, fill: string): Promise<void> {
  const block = Buffer.from(fill.repeat(Math.ceil((64 * 1024) / fill.length)))
  for (let left = bytes; left > 0; left -= block.length) {
    await wire.write(left < block.length ? block.subarray(0, left) : block)
    // A reader that is fast enough for every write must not keep the event loop from seeing it leave.
    await wire.turn()
  }
}
