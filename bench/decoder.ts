/**
 * The SSE decoder alone: 64 MB cut into pieces of 1 byte to 64 KB. Linear, when twice the bytes cost twice the time at
 * every cut; flat, when the memory held at the end does not grow with the stream. The same decoder reads one event of the
 * same size, where a quadratic one would take hours.
 */
import { type Frame, sse } from '@rivulet/core'

const MB = 1024 * 1024
const EVENT = Buffer.from(
  'data: {"id":"chatcmpl-9tXk2LrJcQ8fYb3nV0aWs","choices":[{"index":0,"delta":{"content":" river"},"finish_reason":null}]}\n\n',
)

/** The same stream over and over: its bytes are made once, so that what is measured is the reading. */
const BLOCK = Buffer.concat(Array.from({ length: Math.ceil((4 * MB) / EVENT.length) }, () => EVENT))

export function benchDecoder(): void {
  process.stdout.write('\nSSE decoder: 64 MB cut into pieces\n')
  process.stdout.write('piece        events   32 MB: ns/byte   64 MB: ns/byte   64 MB ÷ 32 MB   heap grown by\n')
  for (const [label, size] of [
    ['1 byte', 1],
    ['7 bytes', 7],
    ['1 KB', 1024],
    ['64 KB', 64 * 1024],
  ] as const) {
    read(BLOCK, size, 4 * MB)
    const half = read(BLOCK, size, 32 * MB)
    const whole = read(BLOCK, size, 64 * MB)
    row(label, String(whole.events), half.ns, whole.ns, whole.heap)
  }
  // One frame far longer than a read, under a bound that allows it.
  const long = Buffer.concat([Buffer.from('data: '), Buffer.alloc(4 * MB, 120)])
  const half = read(long, 1024, 32 * MB, 65 * MB)
  const whole = read(long, 1024, 64 * MB, 65 * MB)
  row('1 KB, one event', String(whole.events), half.ns, whole.ns, whole.heap)
}

function row(label: string, events: string, half: number, whole: number, heap: number): void {
  const columns = [
    label.padEnd(16).slice(0, 16),
    events.padStart(7),
    (half / (32 * MB)).toFixed(2).padStart(14),
    (whole / (64 * MB)).toFixed(2).padStart(16),
    (whole / half).toFixed(2).padStart(15),
    `${(heap / MB).toFixed(1)} MB`.padStart(15),
  ]
  process.stdout.write(`${columns.join('')}\n`)
}

/** Reads so many bytes of the block, again and again, in pieces of a size. */
function read(
  block: Buffer,
  size: number,
  bytes: number,
  maxFrameBytes?: number,
): { ns: number; events: number; heap: number } {
  let events = 0
  let checked = 0
  const out = {
    push(frame: Frame) {
      events++
      checked += frame.end - frame.start
    },
    end: () => undefined,
  }
  const decoder = sse(maxFrameBytes === undefined ? {} : { maxFrameBytes })(out)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < block.length; at += size) pieces.push(block.subarray(at, at + size))
  const heapBefore = process.memoryUsage().heapUsed
  const before = process.cpuUsage()
  for (let fed = 0; fed < bytes;) {
    for (const piece of pieces) {
      if (fed >= bytes) break
      decoder.push(piece)
      fed += piece.length
    }
  }
  const { user, system } = process.cpuUsage(before)
  const heap = Math.max(0, process.memoryUsage().heapUsed - heapBefore)
  decoder.end()
  if (checked === 0) throw new Error('the decoder read nothing')
  return { ns: (user + system) * 1000, events, heap }
}
