import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { send } from '../client.ts'
import { requestFor, type Form, forms } from '../forms.ts'
import { read } from '../reader.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator({ usage: true })
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

const bodyOf = async (form: Form, prompt?: string): Promise<string> =>
  (await send(sim, requestFor(sim, form, prompt))).text
const jsonIn = (text: string): Record<string, unknown>[] =>
  [...text.matchAll(/^(?:data: )?(\{.*)$/gm)].map(([, json = '']) => JSON.parse(json) as Record<string, unknown>)

describe.each(forms)('%s', (_name, form: Form) => {
  test.each(['last-chunk', 'every-chunk', 'absent', 'nonsense'] as const)('usage: %s', async (kind) => {
    sim.fault(form.dialect, { kind: 'usage', form: kind })
    const text = await bodyOf(form)
    const chunks = jsonIn(text)
    const counted = chunks.filter(({ usage }) => usage !== undefined && usage !== null)
    if (form.framing === 'text' || kind === 'absent') expect(counted).toEqual([])
    else if (kind === 'every-chunk') expect(counted).toHaveLength(chunks.length)
    else expect(counted).toEqual([chunks.at(-1)])
    if (form.framing === 'sse' && kind === 'last-chunk') expect(chunks.at(-1)?.choices).toEqual([])
    if (form.framing !== 'text' && kind === 'nonsense') {
      expect(chunks.at(-1)?.usage).toEqual({ prompt_tokens: 'NaN', completion_tokens: null, total_tokens: -1 })
    }
  })

  const weather = { name: 'get_weather', input: { location: 'Lisbon', unit: 'celsius' } }
  const time = { name: 'get_time', input: { zone: 'Europe/Oslo' } }
  test.each([
    ['interleaved', [weather, time]],
    ['id-first-only', [weather]],
    ['same-index', [weather, time]],
    ['no-index', [weather, time]],
    ['empty-arguments', [{ name: 'get_weather', input: {} }]],
  ] as const)('tool-calls: %s', async (kind, calls) => {
    const plain = await read(sim, requestFor(sim, form), form)
    sim.fault(form.dialect, { kind: 'tool-calls', form: kind })
    expect(await read(sim, requestFor(sim, form), form)).toEqual(form.tools ? { text: '', calls } : plain)
  })

  test('tool-calls reformats the calls that were requested', async () => {
    sim.fault(form.dialect, { kind: 'tool-calls', form: 'same-index' })
    const { calls } = await read(sim, requestFor(sim, form, 'call the weather tool for Oslo'), form)
    expect(calls[0]?.input).toEqual(form.tools ? { location: 'Oslo', unit: 'celsius' } : undefined)
  })

  test('tool-calls with truncated arguments has a finish reason and invalid JSON', async () => {
    sim.fault(form.dialect, { kind: 'tool-calls', form: 'cut-arguments' })
    const text = await bodyOf(form)
    if (!form.tools) {
      expect(text).not.toContain('tool_calls')
      return
    }
    expect(text).toContain('"finish_reason":"tool_calls"')
    await expect(read(sim, requestFor(sim, form), form)).rejects.toThrow(SyntaxError)
  })

  test.each(['say a🙂b', 'say ab'])('surrogates splits the emoji: %s', async (prompt) => {
    sim.fault(form.dialect, 'surrogates')
    const text = await bodyOf(form, prompt)
    await sim.requests[0]?.done
    expect(sim.requests[0]?.answer).toBe(prompt === 'say a🙂b' ? 'a🙂b' : form.framing === 'text' ? 'ab' : 'ab 🙂')
    expect((await read(sim, requestFor(sim, form, prompt), form)).text).toBe(sim.requests[0]?.answer)
    const escapes = text.split('\n').filter((line) => /\\ud83d|\\ude42/.test(line))
    expect(escapes).toHaveLength({ sse: 2, lines: 2, document: 1, text: 0 }[form.framing])
  })
})
