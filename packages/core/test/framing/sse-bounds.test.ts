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
  ['one complete line within its chunk', () => [bytesOf(`data: ${'x'.repeat(1_001)}\n\n`)]],
  ['a comment that does not end', () => cut(bytesOf(`: ${'x'.repeat(2_000)}`), [100])],
  ['single bytes', () => cut(bytesOf('data: 0123456789\n'.repeat(200)), [1])],
])('more than the limit is malformed: %s', (_name, chunks) => {
  expect(() => dataOf(sseFraming({ maxFrameBytes: 1_000 }), chunks())).toThrow(malformed)
})

test('the limit is for one event: an answer of many events may be longer', () => {
  const event = `data: ${'x'.repeat(500)}\n\n`
  expect(dataOf(sseFraming({ maxFrameBytes: 1_000 }), cut(bytesOf(event.repeat(50)), [7]))).toHaveLength(50)
})

test('a bare line longer than the limit is malformed', () => {
  const framing = sseFraming({ maxFrameBytes: 1_000, bareLines: true })
  expect(dataOf(framing, [bytesOf(`{${'x'.repeat(999)}\n`.repeat(3))])).toHaveLength(3)
  expect(() => dataOf(framing, [bytesOf(`{${'x'.repeat(1_000)}\n`)])).toThrow(malformed)
})

test('the limit is for the length of the data, not for its place in the chunk', () => {
  const event = `data: ${'x'.repeat(1_000)}\n\n`
  expect(dataOf(sseFraming({ maxFrameBytes: 1_000 }), [bytesOf(event.repeat(3))])).toHaveLength(3)
})

test('the message names the limit, and shows nothing of the body', () => {
  const read = (): unknown =>
    dataOf(sseFraming({ maxFrameBytes: 1_000 }), cut(bytesOf(`data: ${'secret'.repeat(500)}`), [100]))
  expect(read).toThrow(new ChatError('malformed', 'one message of the answer is longer than 1000 bytes'))
})

/** How many bytes are copied to read a stream, also when a buffer grows. */
function copied(chunks: readonly Uint8Array[]): number {
  let bytes = 0
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const append = ByteBuffer.prototype.append
  vi.spyOn(ByteBuffer.prototype, 'append').mockImplementation(function (this: ByteBuffer, source, start, end) {
    const capacity = this.bytes.length
    bytes += end - start
    append.call(this, source, start, end)
    // Growing copies the previous bytes.
    if (this.bytes.length !== capacity) bytes += this.length - (end - start)
  })
  dataOf(sseFraming(), chunks)
  vi.restoreAllMocks()
  return bytes
}

test.each([
  ['one line cut into single bytes', (size: number) => cut(bytesOf(`data: ${'x'.repeat(size)}\n\n`), [1])],
  ['one event of many lines', (size: number) => cut(bytesOf(`${'data: 0123456789\n'.repeat(size / 16)}\n`), [64])],
  ['many events, each cut', (size: number) => cut(bytesOf('data: 0123456789\n\n'.repeat(size / 16)), [7])],
])('twice the bytes need about twice the work: %s', (_name, body) => {
  const once = copied(body(64 * 1024))
  const twice = copied(body(128 * 1024))
  expect(once).toBeGreaterThan(0)
  expect(twice).toBeLessThan(2.5 * once)
  // One append and at most one more copy per doubling: a line costs at most three copies, and so does its event.
  expect(twice).toBeLessThan(6 * 128 * 1024 * 2)
})

test('a stream whose events are complete within their chunks copies nothing', () => {
  expect(copied(Array.from({ length: 100 }, () => bytesOf('data: {"a":1}\n\n')))).toBe(0)
})

test('the memory of one huge event is released', () => {
  const buffer = new ByteBuffer(16 * 1024 * 1024)
  buffer.append(new Uint8Array(2 * 1024 * 1024), 0, 2 * 1024 * 1024)
  buffer.clear()
  expect(buffer.bytes.length).toBe(0)
  buffer.append(new Uint8Array(100), 0, 100)
  buffer.clear()
  expect(buffer.bytes.length).toBeGreaterThan(0)
})
