import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonFraming } from '../../src/framing/json.ts'
import { ndjsonFraming } from '../../src/framing/ndjson.ts'
import type { Framing } from '../../src/protocol.ts'
import { bytesOf, cut, dataOf, sizes } from '../support/frames.ts'

const malformed: unknown = expect.objectContaining({ code: 'malformed' })

describe('ndjson', () => {
  const body = fc
    .tuple(
      fc.constantFrom('', '\uFEFF'),
      fc.array(
        fc.tuple(
          fc.oneof(fc.json({ maxDepth: 1 }), fc.constant(''), fc.constant('{"é":"🌊"}')),
          fc.constantFrom('\n', '\r\n'),
        ),
      ),
      fc.constantFrom('', '{"last":1}'),
    )
    .map(([bom, lines, last]) => bom + lines.flat().join('') + last)

  const oneMessageALine = (framing: Framing) =>
    fc.property(body, sizes, (whole, pieces) => {
      const expected = whole
        .replace(/^\uFEFF/, '')
        .split(/\r?\n/)
        .filter((line) => line !== '')
      expect(dataOf(framing, cut(bytesOf(whole), pieces))).toEqual(expected)
    })

  test('reads one message per line, however cut; skips empty lines, and the last line needs no line end', () => {
    fc.assert(oneMessageALine(ndjsonFraming()), { numRuns: 500 })
  })

  test('the law notices a framing that splits lines at the ends of chunks', () => {
    const naive: Framing = (out) => ({
      push: (chunk) => {
        const inner = ndjsonFraming()({
          push: (frame) => {
            out.push(frame)
          },
          end: () => undefined,
        })
        inner.push(chunk)
        inner.end()
      },
      end: () => {
        out.end()
      },
    })
    expect(() => {
      fc.assert(oneMessageALine(naive), { numRuns: 500 })
    }).toThrow()
  })

  test('a line over the limit is malformed', () => {
    const line = bytesOf(`"${'x'.repeat(2_000)}"\n`)
    expect(() => dataOf(ndjsonFraming({ maxFrameBytes: 1_000 }), cut(line, [100]))).toThrow(malformed)
    expect(dataOf(ndjsonFraming({ maxFrameBytes: 3_000 }), cut(line, [100]))).toHaveLength(1)
    expect(() => dataOf(ndjsonFraming({ maxFrameBytes: 1_000 }), [line])).toThrow(malformed)
  })

  test('the limit is for the length of a line, not for its place in the chunk', () => {
    const line = `"${'x'.repeat(998)}"\n`
    expect(dataOf(ndjsonFraming({ maxFrameBytes: 1_000 }), [bytesOf(line.repeat(3))])).toHaveLength(3)
  })

  test('a line that is whole within its chunk is a range of that chunk, without a copy', () => {
    const chunk = bytesOf('{"a":1}\r\n\n{"b":2}\n')
    const buffers: Uint8Array[] = []
    ndjsonFraming()({ push: ({ buffer }) => buffers.push(buffer), end: () => undefined }).push(chunk)
    expect(buffers).toHaveLength(2)
    for (const buffer of buffers) expect(buffer).toBe(chunk)
  })

  test('a CR inside a line belongs to it', () => {
    expect(dataOf(ndjsonFraming(), [bytesOf('"a\rb"\n')])).toEqual(['"a\rb"'])
  })
})

describe('json', () => {
  test('the whole body is one message, however cut, without its BOM', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', '\uFEFF'), sizes, (whole, bom, pieces) => {
        expect(dataOf(jsonFraming(), cut(bytesOf(bom + whole), pieces))).toEqual([whole])
      }),
    )
  })

  test('an empty body has no message, nor has a BOM alone', () => {
    expect(dataOf(jsonFraming(), [])).toEqual([])
    expect(dataOf(jsonFraming(), [bytesOf('\uFEFF')])).toEqual([])
  })

  test('a body over the limit is malformed, however it is cut', () => {
    for (const size of [1, 100, 5_000]) {
      expect(() => dataOf(jsonFraming({ maxFrameBytes: 1_000 }), cut(bytesOf('[1]'.padEnd(1_001)), [size]))).toThrow(
        malformed,
      )
      expect(dataOf(jsonFraming({ maxFrameBytes: 1_000 }), cut(bytesOf('[1]'.padEnd(1_000)), [size]))).toHaveLength(1)
    }
  })
})
