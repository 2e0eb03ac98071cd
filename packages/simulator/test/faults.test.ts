import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Fault, faultKinds, simulator, type Simulator } from '../src/index.ts'
import { faults } from '../src/faults.ts'
import { ask, contentOf, dataOf, events, headOf, type Name, parse, send, start, valid } from './client.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.variant('gravityengine', undefined)
  sim.clear()
})
afterAll(() => sim.close())

const names: Name[] = ['gravityengine', 'liaobots', 'lockchat']

async function askWith(dialect: Name, fault: Fault | Fault['kind'], prompt = 'count to 9') {
  sim.fault(dialect, fault)
  return ask(sim, dialect, prompt)
}

describe('an answer that is cut', () => {
  test.each(names)('reset-mid-stream ends %s with ECONNRESET after what was sent', async (dialect) => {
    const seen = await askWith(dialect, { kind: 'reset-mid-stream', afterEvents: 2 })
    expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET' })
    expect(dialect === 'liaobots' ? seen.text : contentOf(events(seen.text))).toBe('1,')
  })

  test.each(names)('fin-mid-stream ends %s inside the chunked body', async (dialect) => {
    const seen = await askWith(dialect, 'fin-mid-stream')
    expect(seen).toMatchObject({ status: 200, error: 'ECONNRESET' })
    expect(dialect === 'liaobots' ? seen.text : contentOf(events(seen.text))).toBe('1, 2')
    await sim.requests[0]?.done
    expect(sim.requests[0]).not.toHaveProperty('clientClosedMs')
  })

  test('truncate ends as HTTP says, without the end mark', async () => {
    const seen = await askWith('lockchat', { kind: 'truncate', afterEvents: 1 })
    expect(seen).toMatchObject({ status: 200, error: undefined })
    expect(contentOf(events(seen.text))).toBe('1')
    expect(events(seen.text).some(({ choices: [choice] }) => choice?.finish_reason === 'stop')).toBe(false)
  })

  test('truncate leaves a document unfinished', async () => {
    sim.variant('gravityengine', 'json')
    const seen = await askWith('gravityengine', 'truncate')
    expect(seen.error).toBeUndefined()
    expect(seen.text.endsWith('"content":"1, 2')).toBe(true)
  })

  test('truncate cuts the connection where the dialect has no end mark', async () => {
    expect((await askWith('liaobots', 'truncate')).error).toBe('ECONNRESET')
    sim.variant('gravityengine', 'lines')
    expect((await askWith('gravityengine', 'truncate')).error).toBe('ECONNRESET')
  })

  test('a fault that comes later than the answer strikes after its last token', async () => {
    const seen = await askWith('lockchat', { kind: 'truncate', afterEvents: 99 })
    expect(contentOf(events(seen.text))).toBe('1, 2, 3, 4, 5, 6, 7, 8, 9.')
    expect(seen.text).not.toContain('"stop"')
  })

  test('half-event ends inside an event', async () => {
    const seen = await askWith('lockchat', 'half-event')
    expect(seen.error).toBeUndefined()
    expect(seen.text).toMatch(/\n\ndata: \{[^\n]+$/)
  })

  test('no-end-mark has a finish reason and no [DONE]', async () => {
    const seen = await askWith('lockchat', 'no-end-mark')
    expect(events(seen.text).at(-1)?.choices[0]?.finish_reason).toBe('stop')
    expect(seen.text).not.toContain('[DONE]')
  })

  test.each(names)('byte-by-byte sends %s the same bytes, each alone', async (dialect) => {
    const whole = await ask(sim, dialect, 'say 水!')
    const seen = await askWith(dialect, 'byte-by-byte', 'say 水!')
    expect(seen.text).toBe(whole.text)
    expect(seen.chunks.length).toBe(Buffer.byteLength(whole.text))
  })
})

describe('an answer that does not go on', () => {
  test.each<[Fault['kind'], string]>([
    ['stall-before-first-token', ''],
    ['stall-mid-stream', '1, 2'],
    ['end-mark-then-open', '1, 2, 3, 4, 5, 6, 7, 8, 9.'],
  ])('%s is still open when the client leaves, which is recorded', async (kind, sent) => {
    sim.fault('liaobots', kind)
    const request = start(sim, valid(sim, 'liaobots', 'count to 9'))
    const response = await headOf(request)
    let text = ''
    response.on('error', () => undefined)
    response.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      if (text === sent) request.destroy()
    })
    if (sent === '') request.destroy()
    await sim.requests[0]?.done
    expect(sim.requests[0]).toMatchObject({ status: 200, fault: kind, answer: '1, 2, 3, 4, 5, 6, 7, 8, 9.' })
    expect(sim.requests[0]?.clientClosedMs).toBeGreaterThanOrEqual(1)
    expect(sim.requests[0]?.bytesSent).toBe(sent.length)
  })

  test('stall-before-headers says nothing at all', async () => {
    sim.fault('lockchat', 'stall-before-headers')
    const other = start(sim, valid(sim, 'lockchat'))
    other.on('error', () => undefined)
    // An answer to a later request shows that the first one has been taken.
    await ask(sim, 'liaobots')
    await expect
      .poll(() => sim.requests.find(({ dialect }) => dialect === 'lockchat'))
      .toMatchObject({ status: 0, bytesSent: 0 })
    other.destroy()
    const taken = sim.requests.find(({ dialect }) => dialect === 'lockchat')
    await taken?.done
    expect(taken?.clientClosedMs).toBeGreaterThanOrEqual(1)
  })

  test('trickle goes on past the end of the answer', async () => {
    sim.fault('liaobots', { kind: 'trickle', everyMs: 0 })
    const request = start(sim, valid(sim, 'liaobots', 'say ab'))
    let text = ''
    for await (const bytes of (await headOf(request)) as AsyncIterable<Buffer>) {
      text += bytes.toString()
      if (text.length >= 20) break
    }
    expect(text).toMatch(/^(?:ab){10,}$/)
    await sim.requests[0]?.done
    expect(sim.requests[0]?.clientClosedMs).toBeGreaterThanOrEqual(1)
  })
})

describe('a body that is no answer', () => {
  test('html-200 is a page', async () => {
    const seen = await askWith('lockchat', 'html-200')
    expect(seen).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect(seen.text).toContain('<title>Sign in</title>')
  })

  test('empty-200 has no byte', async () => {
    expect(await askWith('lockchat', 'empty-200')).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': '0' },
    })
  })

  test('empty-answer has the end mark and no content', async () => {
    const seen = await askWith('lockchat', 'empty-answer')
    expect(contentOf(events(seen.text))).toBe('')
    expect(dataOf(seen.text).at(-1)).toBe('[DONE]')
    expect((await askWith('liaobots', 'empty-answer')).text).toBe('')
  })

  test('garbage is the same garbage each time', async () => {
    const first = await askWith('lockchat', 'garbage')
    expect(first.headers['content-type']).toContain('text/event-stream')
    expect(Buffer.concat(first.chunks)).toHaveLength(512)
    expect(Buffer.concat((await askWith('lockchat', 'garbage')).chunks).equals(Buffer.concat(first.chunks))).toBe(true)
  })
})

describe('an endpoint that says it failed', () => {
  test('json-error-200 says it in JSON', async () => {
    const seen = await askWith('liaobots', { kind: 'json-error-200', error: { code: 'rate_limit_exceeded' } })
    expect(seen.headers['content-type']).toBe('application/json')
    expect(parse(seen.text).error).toMatchObject({ type: 'server_error', code: 'rate_limit_exceeded' })
  })

  test('error-first is an error frame and nothing else', async () => {
    const seen = await askWith('lockchat', 'error-first')
    expect(events(seen.text)).toHaveLength(1)
    expect(events(seen.text)[0]?.error?.code).toBe('overloaded')
  })

  test('error-mid-stream comes after some tokens', async () => {
    const [role, one, two, error, ...rest] = events(
      (await askWith('lockchat', { kind: 'error-mid-stream', afterEvents: 2 })).text,
    )
    expect(contentOf([role, one, two].filter((event) => event !== undefined))).toBe('1,')
    expect([error?.error?.type, rest]).toEqual(['server_error', []])
  })

  test('status carries its headers and body', async () => {
    const fault: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '2' } }
    const seen = await askWith('lockchat', fault)
    expect(seen).toMatchObject({ status: 429, headers: { 'retry-after': '2', 'content-type': 'application/json' } })
    expect(parse(seen.text).error?.code).toBe('rate_limit_exceeded')
    expect(await askWith('lockchat', { ...fault, body: 'slow down' })).toMatchObject({ text: 'slow down' })
    expect(sim.requests.at(-1)).toMatchObject({ status: 429, fault: 'status', model: 'gpt-4' })
  })

  const words = 'The model: `gpt-4` does not exist'
  test.each([
    ['sse', 200, 'text/event-stream; charset=utf-8', (text: string) => events(text)[0]?.error?.message],
    ['json', 404, 'application/json', (text: string) => parse(text).error?.message],
    ['text', 200, 'text/plain; charset=utf-8', (text: string) => text],
  ] as const)('model-missing has the words of Lockchat as %s', async (as, status, type, wordsOf) => {
    const seen = await askWith('lockchat', { kind: 'model-missing', as, status })
    expect(seen).toMatchObject({ status, headers: { 'content-type': type } })
    expect(wordsOf(seen.text)).toBe(words)
  })
})

describe('a fault', () => {
  test('lasts for so many requests', async () => {
    sim.fault('lockchat', { kind: 'empty-200', times: 2 })
    const seen = [await ask(sim, 'lockchat'), await ask(sim, 'lockchat'), await ask(sim, 'lockchat')]
    expect(seen.map(({ text }) => text === '')).toEqual([true, true, false])
    expect(sim.requests.map(({ fault }) => fault)).toEqual(['empty-200', 'empty-200', undefined])
  })

  test('meets its own dialect only, until it is cleared', async () => {
    sim.fault('lockchat', 'empty-200')
    expect((await ask(sim, 'liaobots')).text).not.toBe('')
    sim.fault('lockchat', undefined)
    expect((await ask(sim, 'lockchat')).text).not.toBe('')
  })

  test.each(['empty-200', '{"kind":"status","status":503}'])('may come in a header: %s', async (fault) => {
    const request = valid(sim, 'lockchat')
    await send(sim, { ...request, headers: { ...request.headers, 'x-simulate': fault } })
    expect(sim.requests[0]?.fault).toBe(fault.startsWith('{') ? 'status' : fault)
  })

  test('that is not known, or has a wrong option, is refused with a suggestion', () => {
    const set = (fault: unknown) => () => {
      // Callers without types exist.
      sim.fault('lockchat', fault as Fault)
    }
    expect(set('trucate')).toThrow('There is no fault "trucate", did you mean "truncate"?')
    expect(set({ kind: 'truncate', afterEvent: 1 })).toThrow('did you mean "afterEvents"?')
    expect(set({ kind: 'truncate', times: 0 })).toThrow('cannot use times: 0')
    expect(set({ kind: 'status', status: 99 })).toThrow('cannot use status: 99')
    expect(set(7)).toThrow(TypeError)
  })

  test('of any kind has a summary', () => {
    expect(faultKinds.length).toBeGreaterThan(50)
    for (const kind of faultKinds) expect(faults[kind].summary.length).toBeGreaterThan(10)
  })
})
