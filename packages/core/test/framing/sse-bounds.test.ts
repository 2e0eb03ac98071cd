import { afterEach, expect, test, vi } from 'vitest'
import { ChatError } from '../../src/errors.ts'
import { ByteBuffer } from '../../src/framing/byte-buffer.ts'
import { sseFraming } from '../../src/framing/sse.ts'
import { bytesOf, cut, dataOf } from '../support/frames.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const malformed: unknown = expect.objectContaining({ code: 'malformed' })

test.each([
  ['one line that does not end', () => cut(bytesOf(`data: ${'x'.repeat(2_000)}`), [100])],
  ['one event of many lines', () => cut(bytesOf('data: 0123456789\n'.repeat(200)), [100])],
  ['one line that is whole within its chunk', () => [bytesOf(`data: ${'x'.repeat(1_001)}\n\n`)]],
  ['a comment that does not end', () => cut(bytesOf(`: ${'x'.repeat(2_000)}`), [100])],
  ['single bytes', () => cut(bytesOf('data: 0123456789\n'.repeat(200)), [1])],
])('more than the bound is malformed: %s', (_name, chunks) => {
  expect(() => dataOf(sseFraming({ maxFrameBytes: 1_000 }), chunks())).toThrow(malformed)
})

test('the bound is for one event: an answer of many is as long as it likes', () => {
  const event = `data: ${'x'.repeat(500)}\n\n`
  expect(dataOf(sseFraming({ maxFrameBytes: 1_000 }), cut(bytesOf(event.repeat(50)), [7]))).toHaveLength(50)
})

test('the message says the bound, and nothing of what came', () => {
  const read = (): unknown =>
    dataOf(sseFraming({ maxFrameBytes: 1_000 }), cut(bytesOf(`data: ${'secret'.repeat(500)}`), [100]))
  expect(read).toThrow(new ChatError('malformed', 'one message of the answer is longer than 1000 bytes'))
})

/** How many bytes are copied to read a stream, and how often a buffer had to grow. */
function copied(chunks: readonly Uint8Array[]): number {
  let bytes = 0
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const append = ByteBuffer.prototype.append
  vi.spyOn(ByteBuffer.prototype, 'append').mockImplementation(function (this: ByteBuffer, source, start, end) {
    const room = this.bytes.length
    bytes += end - start
    append.call(this, source, start, end)
    // Growing copies what was there.
    if (this.bytes.length !== room) bytes += this.length - (end - start)
  })
  dataOf(sseFraming(), chunks)
  vi.restoreAllMocks()
  return bytes
}

test.each([
  ['one line cut into single bytes', (size: number) => cut(bytesOf(`data: ${'x'.repeat(size)}\n\n`), [1])],
  ['one event of many lines', (size: number) => cut(bytesOf(`${'data: 0123456789\n'.repeat(size / 16)}\n`), [64])],
  ['many events, each cut', (size: number) => cut(bytesOf('data: 0123456789\n\n'.repeat(size / 16)), [7])],
])('twice the bytes are about twice the work: %s', (_name, body) => {
  const once = copied(body(64 * 1024))
  const twice = copied(body(128 * 1024))
  expect(once).toBeGreaterThan(0)
  expect(twice).toBeLessThan(2.5 * once)
  // Appended once, moved at most once more for each doubling: a line costs at most three copies, its event the same.
  expect(twice).toBeLessThan(6 * 128 * 1024 * 2)
})

test('a stream whose events are whole within their chunks copies nothing', () => {
  expect(copied(Array.from({ length: 100 }, () => bytesOf('data: {"a":1}\n\n')))).toBe(0)
})

test('the room that one huge event took is given back', () => {
  const growable = new ByteBuffer(16 * 1024 * 1024)
  growable.append(new Uint8Array(2 * 1024 * 1024), 0, 2 * 1024 * 1024)
  growable.clear()
  expect(growable.bytes.length).toBe(0)
  growable.append(new Uint8Array(100), 0, 100)
  growable.clear()
  expect(growable.bytes.length).toBeGreaterThan(0)
})
