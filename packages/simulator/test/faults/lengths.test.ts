import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { requestFor, type Form, forms } from '../forms.ts'
import { raw, unchunked } from '../raw.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

describe.each(forms)('%s', (_name, form: Form) => {
  async function whole(): Promise<string> {
    const { body, headers } = await raw(sim, requestFor(sim, form))
    return headers['transfer-encoding'] === 'chunked' ? unchunked(body) : body
  }

  test('close-delimited has neither length nor chunks, and ends with a FIN', async () => {
    const expected = await whole()
    sim.fault(form.dialect, 'close-delimited')
    const response = await raw(sim, requestFor(sim, form))
    expect(response).toMatchObject({ headers: { connection: 'close' }, body: expected, error: undefined })
    expect(response.headers).not.toHaveProperty('content-length')
    expect(response.headers).not.toHaveProperty('transfer-encoding')
  })

  test('close-delimited-cut is the same, truncated after some tokens', async () => {
    const expected = await whole()
    sim.fault(form.dialect, { kind: 'close-delimited-cut', afterEvents: 2 })
    const { headers, body, error } = await raw(sim, requestFor(sim, form))
    expect([headers['content-length'], headers['transfer-encoding'], error]).toEqual([undefined, undefined, undefined])
    expect(expected.startsWith(body)).toBe(true)
    expect(body.length).toBeGreaterThan(0)
    expect(body.length).toBeLessThan(expected.length)
  })

  test('short-content-length sends more than it declared', async () => {
    const expected = await whole()
    sim.fault(form.dialect, { kind: 'short-content-length', bytes: 5 })
    const { headers, body } = await raw(sim, requestFor(sim, form))
    expect(body).toBe(expected)
    expect(headers['content-length']).toBe(String(expected.length - 5))
  })

  test('long-content-length sends less than it declared, then a FIN', async () => {
    const expected = await whole()
    sim.fault(form.dialect, 'long-content-length')
    const { headers, body, error } = await raw(sim, requestFor(sim, form))
    expect([headers['content-length'], body, error]).toEqual([String(expected.length + 64), expected, undefined])
  })

  test('bad-chunk has an invalid chunk size', async () => {
    const expected = await whole()
    sim.fault(form.dialect, { kind: 'bad-chunk', afterEvents: 1 })
    const { headers, body, error } = await raw(sim, requestFor(sim, form))
    expect([headers['transfer-encoding'], error]).toEqual(['chunked', undefined])
    expect(body.endsWith('\r\nnot-a-size\r\nnot a chunk\r\n')).toBe(true)
    expect(unchunked(body).length).toBeGreaterThan(0)
    expect(expected.startsWith(unchunked(body))).toBe(true)
  })
})
