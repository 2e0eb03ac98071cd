import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { send } from '../client.ts'
import { requestFor, type Form, forms } from '../forms.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

const decoders = { gzip: createGunzip, br: createBrotliDecompress, zstd: createZstdDecompress, deflate: createInflate }
const names = ['gzip', 'br', 'zstd', 'deflate'] as const
type Coding = (typeof names)[number]

/** The decodable part of a compressed body, and whether the body is complete. */
async function inflated(coding: Coding, bytes: Buffer): Promise<{ text: string; isComplete: boolean }> {
  const decoder = decoders[coding]()
  decoder.end(bytes)
  let text = ''
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) text += chunk.toString('latin1')
    return { text, isComplete: true }
  } catch {
    return { text, isComplete: false }
  }
}

describe.each(forms)('%s', (_name, form: Form) => {
  const plain = async (): Promise<string> =>
    Buffer.concat((await send(sim, requestFor(sim, form))).chunks).toString('latin1')

  test.each(names)('compressed as %s can be decoded token by token', async (coding) => {
    const expected = await plain()
    sim.fault(form.dialect, { kind: 'compressed', coding })
    const { headers, chunks } = await send(sim, requestFor(sim, form))
    expect(headers['content-encoding']).toBe(coding)
    expect(await inflated(coding, Buffer.concat(chunks))).toEqual({ text: expected, isComplete: true })
    if (form.framing === 'document') {
      expect(headers['content-length']).toBe(String(Buffer.concat(chunks).length))
      return
    }
    expect(chunks.length).toBeGreaterThan(5)
    const half = await inflated(coding, Buffer.concat(chunks.slice(0, Math.ceil(chunks.length / 2))))
    expect(half.text.length).toBeGreaterThan(expected.length / 4)
    expect(expected.startsWith(half.text)).toBe(true)
  })

  test.each(names)('wrong-encoding declares %s but is not compressed', async (coding) => {
    const expected = await plain()
    sim.fault(form.dialect, { kind: 'wrong-encoding', coding })
    const { headers, chunks } = await send(sim, requestFor(sim, form))
    expect([headers['content-encoding'], Buffer.concat(chunks).toString('latin1')]).toEqual([coding, expected])
  })

  test.each(names)('cut-compressed as %s is valid HTTP but an incomplete compressed stream', async (coding) => {
    const expected = await plain()
    sim.fault(form.dialect, { kind: 'cut-compressed', coding, afterEvents: 2 })
    const { error, chunks } = await send(sim, requestFor(sim, form))
    expect(error).toBeUndefined()
    const { text, isComplete } = await inflated(coding, Buffer.concat(chunks))
    expect(isComplete).toBe(false)
    expect(text.length).toBeGreaterThan(0)
    expect(text.length).toBeLessThan(expected.length)
    expect(expected.startsWith(text)).toBe(true)
  })
})
