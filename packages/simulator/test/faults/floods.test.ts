import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Fault, simulator, type Simulator } from '../../src/index.ts'
import { headOf, send, start, validRequest } from '../client.ts'
import { requestFor, type Form, forms } from '../forms.ts'
import { bytesOf, raw, unchunked } from '../raw.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

const hundredMiB = 100 * 1024 * 1024
const many = 256 * 1024

describe.each(forms)('%s', (_name, form: Form) => {
  test.each<Fault['kind']>(['endless-error', 'huge-error', 'endless-line', 'endless-frame'])(
    '%s stops when the client disconnects',
    async (kind) => {
      sim.fault(form.dialect, kind)
      const { bytes } = await raw(sim, requestFor(sim, form), (text) => text.length > many)
      expect(bytes.length).toBeGreaterThan(many)
      await sim.requests[0]?.done
      expect(sim.requests[0]).toMatchObject({ fault: kind, answerTaken: false })
      expect(sim.requests[0]?.clientClosedMs).toBeGreaterThanOrEqual(1)
      expect(sim.requests[0]?.bytesSent).toBeLessThan(hundredMiB)
      expect(sim.requests[0]?.bytesTaken).toBeGreaterThan(0.9 * many)
    },
  )

  test('huge-error has the correct length', async () => {
    sim.fault(form.dialect, { kind: 'huge-error', bytes: 200_000 })
    const response = await send(sim, requestFor(sim, form))
    expect(response).toMatchObject({ status: 500, error: undefined, headers: { 'content-length': '200000' } })
    expect(response.text).toHaveLength(200_000)
    expect(JSON.parse(response.text)).toMatchObject({ error: { type: 'server_error' } })
  })

  test('endless-line is one line of `bytes`', async () => {
    sim.fault(form.dialect, { kind: 'endless-line', bytes: 100_000 })
    const body = unchunked((await raw(sim, requestFor(sim, form))).body)
    const long = body.split('\n').filter((line) => line.length >= 100_000)
    expect(long).toHaveLength(1)
    // In plain text and in a document the rest of the answer is on the same line.
    if (form.framing === 'sse' || form.framing === 'lines') expect(long[0]).toHaveLength(100_000)
    else expect(/x{90000,}/.exec(body)?.[0].length).toBeGreaterThan(99_900)
  })

  test('endless-frame has no blank line within `bytes`', async () => {
    sim.fault(form.dialect, { kind: 'endless-frame', bytes: 100_000, afterEvents: 1 })
    const body = unchunked((await raw(sim, requestFor(sim, form))).body)
    const frames = body.split(form.framing === 'sse' ? '\n\n' : '\n')
    expect(frames.filter((frame) => frame.length >= 99_950)).toHaveLength(1)
    if (form.framing === 'sse') expect(body.match(/^data: "no blank/gm)?.length).toBeGreaterThan(1000)
  })

  test('header-bomb exceeds the limit of an HTTP client', async () => {
    sim.fault(form.dialect, 'header-bomb')
    const { head, body } = await raw(sim, requestFor(sim, form))
    expect(head.length).toBeGreaterThan(1024 * 1024)
    expect(body.length).toBeGreaterThan(0)
    await expect(headOf(start(sim, requestFor(sim, form)))).rejects.toMatchObject({ code: 'HPE_HEADER_OVERFLOW' })
  })
})

test.each<Fault['kind']>(['endless-error', 'endless-frame'])(
  '%s waits for a client that does not read',
  async (kind) => {
    sim.fault('lockchat', kind)
    const { hostname, port } = new URL(sim.url)
    const socket = connect(Number(port), hostname).pause()
    socket.write(bytesOf(sim, validRequest(sim, 'lockchat')))
    const sent = (): number => sim.requests[0]?.bytesSent ?? 0
    let last = -1
    const isStable = (): boolean => {
      const same = sent() > 0 && sent() === last
      last = sent()
      return same
    }
    await expect.poll(isStable, { interval: 50 }).toBe(true)
    expect(last).toBeLessThan(hundredMiB)
    expect(sim.requests[0]?.bytesTaken).toBeLessThan(last)
    socket.destroy()
    await sim.requests[0]?.done
    expect(sim.requests[0]?.clientClosedMs).toBeGreaterThanOrEqual(1)
  },
)
