import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { simulator, type Simulator } from '../../src/index.ts'
import { send } from '../client.ts'
import { requestFor, type Form, forms } from '../forms.ts'
import { raw } from '../raw.ts'

/** Faults that answer with plain text, errors or redirects. */

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

describe.each(forms)('%s', (_name, form: Form) => {
  test.each(['text/html', 'text/event-stream', 'application/json', 'text/plain'])(
    'html-200 as %s',
    async (contentType) => {
      sim.fault(form.dialect, { kind: 'html-200', contentType })
      const response = await send(sim, requestFor(sim, form))
      expect(response).toMatchObject({ status: 200, headers: { 'content-type': contentType } })
      expect(response.text).toContain('<!DOCTYPE html>')
    },
  )

  test('garbage-text is plain text', async () => {
    sim.fault(form.dialect, 'garbage-text')
    const type = { 'content-type': 'text/plain; charset=utf-8' }
    expect(await send(sim, requestFor(sim, form))).toMatchObject({
      status: 200,
      headers: type,
      text: 'upstream connect error\n',
    })
  })

  test('no-content has no body and no length', async () => {
    sim.fault(form.dialect, 'no-content')
    const response = await raw(sim, requestFor(sim, form))
    expect(response.head).toMatch(/^HTTP\/1\.1 204 No Content/)
    expect(response.body).toBe('')
    expect(response.headers).not.toHaveProperty('transfer-encoding')
  })

  test('overloaded is 529', async () => {
    sim.fault(form.dialect, 'overloaded')
    const response = await send(sim, requestFor(sim, form))
    expect(response.status).toBe(529)
    expect(JSON.parse(response.text)).toMatchObject({ error: { type: 'overloaded_error' } })
  })

  test.each([
    ['seconds', undefined, 'retry-after', /^1$/],
    ['seconds', 7, 'retry-after', /^7$/],
    ['ms-header', 40, 'retry-after-ms', /^40$/],
    ['past-date', undefined, 'retry-after', / 2015 .* GMT$/],
    ['absurd', undefined, 'retry-after', /^1000000000$/],
    ['unreadable', undefined, 'retry-after', /^in a while$/],
  ] as const)('retry-after in the form %s with %s', async (kind, value, name, expected) => {
    sim.fault(form.dialect, { kind: 'retry-after', form: kind, ...(value === undefined ? {} : { value }) })
    const { status, headers, text } = await send(sim, requestFor(sim, form))
    expect(status).toBe(429)
    expect(headers[name]).toMatch(expected)
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
  })

  test('retry-after as a date is `value` seconds away', async () => {
    sim.fault(form.dialect, { kind: 'retry-after', form: 'date', value: 100, status: 503 })
    const { status, headers } = await send(sim, requestFor(sim, form))
    expect(status).toBe(503)
    const inMs = Date.parse(headers['retry-after'] ?? '') - Date.now()
    expect(inMs).toBeGreaterThan(80_000)
    expect(inMs).toBeLessThanOrEqual(100_000)
  })

  test('retry-after may omit the header', async () => {
    sim.fault(form.dialect, { kind: 'retry-after', form: 'none' })
    const { status, headers } = await send(sim, requestFor(sim, form))
    expect([status, headers['retry-after'], headers['retry-after-ms']]).toEqual([429, undefined, undefined])
  })

  test('redirect-loop redirects to its own URL, with the query', async () => {
    sim.fault(form.dialect, 'redirect-loop')
    const request = requestFor(sim, form)
    const path = form.dialect === 'lockchat' ? `${request.path}?auth=a%20b` : request.path
    expect(await send(sim, { ...request, path })).toMatchObject({ status: 302, headers: { location: path } })
    expect(await send(sim, { ...request, path })).toMatchObject({ status: 302, headers: { location: path } })
  })

  test.each([301, 302, 303, 307, 308])('redirect-elsewhere with %d', async (status) => {
    sim.fault(form.dialect, { kind: 'redirect-elsewhere', status })
    const response = await send(sim, requestFor(sim, form))
    expect(response).toMatchObject({ status, headers: { location: 'http://127.0.0.1:1/' } })
    sim.fault(form.dialect, { kind: 'redirect-elsewhere', status, location: 'http://[::1]:9/x' })
    expect((await send(sim, requestFor(sim, form))).headers.location).toBe('http://[::1]:9/x')
  })
})
