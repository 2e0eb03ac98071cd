import { performance } from 'node:perf_hooks'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { headOf, start } from '../client.ts'
import { requestFor, type Form, forms } from '../forms.ts'
import { raw, unchunked } from '../raw.ts'
import { read } from '../reader.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

describe.each(forms)('%s', (_name, form: Form) => {
  const ping = { sse: ': ping\n\n', lines: '\n', document: '\n', text: '' }[form.framing]

  test.each([0, 2])('pings-forever after %d tokens continues until the client disconnects', async (afterEvents) => {
    sim.fault(form.dialect, { kind: 'pings-forever', everyMs: 0, afterEvents })
    const isSilent = form.framing === 'text'
    if (isSilent && afterEvents === 0) {
      const request = start(sim, requestFor(sim, form))
      const response = await headOf(request)
      response.on('error', () => undefined)
      request.destroy()
    } else {
      const pings = (text: string): boolean =>
        unchunked(text.split('\r\n\r\n').slice(1).join('\r\n\r\n')).endsWith(isSilent ? '1,' : ping.repeat(8))
      const { body } = await raw(sim, requestFor(sim, form), pings)
      const before = unchunked(body).slice(0, -8 * ping.length)
      if (!isSilent) expect(before.includes('"1"')).toBe(afterEvents > 0 && form.framing !== 'document')
      if (afterEvents === 0) expect(before.replaceAll(ping, '')).toBe('')
    }
    await sim.requests[0]?.done
    expect(sim.requests[0]?.clientClosedMs).toBeGreaterThanOrEqual(1)
    expect(sim.requests[0]).toMatchObject({ status: 200, answerTaken: false })
  })

  test('trickle ends normally after `total` tokens', async () => {
    sim.fault(form.dialect, { kind: 'trickle', everyMs: 0, total: 5 })
    expect((await read(sim, requestFor(sim, form, 'say ab'), form)).text).toBe('ab'.repeat(5))
  })

  test('trickle never ends without a total', async () => {
    sim.fault(form.dialect, { kind: 'trickle', everyMs: 0 })
    const { body } = await raw(sim, requestFor(sim, form, 'say ab'), (text) => text.split('ab').length > 12)
    expect(body.split('ab').length).toBeGreaterThan(12)
    await sim.requests[0]?.done
    expect(sim.requests[0]?.clientClosedMs).toBeGreaterThanOrEqual(1)
  })

  test('slow-accept answers late but correctly', async () => {
    sim.fault(form.dialect, { kind: 'slow-accept', delayMs: 30 })
    const started = performance.now()
    expect((await read(sim, requestFor(sim, form), form)).text).toBe('1, 2, 3, 4, 5, 6, 7, 8, 9.')
    // Timers may be a millisecond early.
    expect(performance.now() - started).toBeGreaterThan(28)
  })
})
