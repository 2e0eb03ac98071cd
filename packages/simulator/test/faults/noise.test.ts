import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Fault, simulator, type Simulator } from '../../src/index.ts'
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

describe.each(forms)('%s', (_name, form: Form) => {
  const isFramed = form.framing === 'sse' || form.framing === 'lines'
  async function textWith(fault: Fault | Fault['kind'] | undefined): Promise<string> {
    sim.fault(form.dialect, fault)
    const { status, error, chunks } = await send(sim, requestFor(sim, form))
    expect([status, error]).toEqual([200, undefined])
    return Buffer.concat(chunks).toString('latin1')
  }

  test('bom comes first and only once', async () => {
    const plain = await textWith(undefined)
    expect(await textWith('bom')).toBe(`\u00EF\u00BB\u00BF${plain}`)
  })

  test.each(['crlf', 'cr', 'lf', 'mixed'] as const)(
    'line-ends are %s where lines belong to the framing',
    async (ends) => {
      const plain = await textWith(undefined)
      const text = await textWith({ kind: 'line-ends', ends })
      const found = new Set(text.match(/\r\n|\r|\n/g))
      if (!isFramed) expect(text).toBe(plain)
      else if (ends === 'mixed')
        expect(found).toEqual(new Set(form.framing === 'sse' ? ['\r\n', '\r', '\n'] : ['\r\n', '\n']))
      else if (ends === 'cr') expect(found).toEqual(new Set([form.framing === 'sse' ? '\r' : '\n']))
      else expect(found).toEqual(new Set([ends === 'lf' ? '\n' : '\r\n']))
      // No line ending was lost or added.
      expect(text.split(/\r\n|\r|\n/)).toEqual(plain.split('\n'))
    },
  )

  test('comments insert everything that a reader may skip', async () => {
    const plain = await textWith(undefined)
    const text = await textWith('comments')
    switch (form.framing) {
      case 'sse':
        expect(text.startsWith(': ')).toBe(true)
        for (const oddity of [
          /^: keepalive$/m,
          /^event: ping$/m,
          /^data$/m,
          /^data:$/m,
          /^data:\{/m,
          /^data: : keepalive$/m,
          /^retry: /m,
          /^data: \{\ndata: {2}"id"/m,
        ]) {
          expect(text).toMatch(oddity)
        }
        break
      case 'lines':
        expect(text).toMatch(/^\n/m)
        expect(text).toContain(': keepalive\n')
        break
      case 'document':
        expect(JSON.parse(text)).toEqual(JSON.parse(plain))
        expect(text).toMatch(/^\s+\{\n/)
        break
      case 'text':
        expect(text).toBe(plain)
    }
  })

  test.each([false, true])('garbage-data is one line among the data; first: %s', async (first) => {
    const plain = await textWith(undefined)
    const text = await textWith({ kind: 'garbage-data', first })
    const garbage = form.framing === 'sse' ? 'data: this is not JSON\n\n' : 'this is not JSON\n'
    const at = text.indexOf(garbage)
    if (form.framing === 'text') expect(text).toBe(plain)
    else {
      expect(at === 0).toBe(first || form.framing === 'document')
      expect(`${text.slice(0, at)}${text.slice(at + garbage.length)}`).toBe(plain)
    }
  })

  test('after-end is content after the end', async () => {
    const plain = await textWith(undefined)
    const text = await textWith('after-end')
    if (form.framing === 'text') expect(text).toBe(plain)
    else {
      expect(text.startsWith(plain)).toBe(true)
      expect(text.slice(plain.length)).toContain('This comes after the end.')
    }
    if (form.framing === 'sse') expect(text.match(/^data: \[DONE\]$/gm)).toHaveLength(2)
  })
})
