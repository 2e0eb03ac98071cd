import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type DialectId, type Fault, faultKinds, simulator, type Simulator } from '../src/index.ts'
import { faults } from '../src/faults.ts'
import {
  ask,
  contentOf,
  dataOf,
  events,
  headOf,
  type OriginalDialect,
  parse,
  send,
  start,
  validRequest,
} from './client.ts'

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.variant('gravityengine', undefined)
  sim.clear()
})
afterAll(() => sim.close())

const names: OriginalDialect[] = ['gravityengine', 'liaobots', 'lockchat']

async function askWith(dialect: OriginalDialect, fault: Fault | Fault['kind'], prompt = 'count to 9') {
  sim.fault(dialect, fault)
  return ask(sim, dialect, prompt)
}

describe('a truncated answer', () => {
  test.each(names)('reset-mid-stream ends %s with ECONNRESET after what was sent', async (dialect) => {
    const response = await askWith(dialect, { kind: 'reset-mid-stream', afterEvents: 2 })
    expect(response).toMatchObject({ status: 200, error: 'ECONNRESET' })
    expect(dialect === 'liaobots' ? response.text : contentOf(events(response.text))).toBe('1,')
  })

  test.each(names)('fin-mid-stream ends %s inside the chunked body', async (dialect) => {
    const response = await askWith(dialect, 'fin-mid-stream')
    expect(response).toMatchObject({ status: 200, error: 'ECONNRESET' })
    expect(dialect === 'liaobots' ? response.text : contentOf(events(response.text))).toBe('1, 2')
    await sim.requests[0]?.done
    expect(sim.requests[0]).not.toHaveProperty('clientClosedMs')
  })

  test('truncate ends validly in HTTP, without the end mark', async () => {
    const response = await askWith('lockchat', { kind: 'truncate', afterEvents: 1 })
    expect(response).toMatchObject({ status: 200, error: undefined })
    expect(contentOf(events(response.text))).toBe('1')
    expect(events(response.text).some(({ choices: [choice] }) => choice?.finish_reason === 'stop')).toBe(false)
  })

  test('truncate leaves a document unfinished', async () => {
    sim.variant('gravityengine', 'json')
    const response = await askWith('gravityengine', 'truncate')
    expect(response.error).toBeUndefined()
    expect(response.text.endsWith('"content":"1, 2')).toBe(true)
  })

  test('truncate closes the connection where the dialect has no end mark', async () => {
    expect((await askWith('liaobots', 'truncate')).error).toBe('ECONNRESET')
    sim.variant('gravityengine', 'lines')
    expect((await askWith('gravityengine', 'truncate')).error).toBe('ECONNRESET')
  })

  test('a fault beyond the end of the answer applies after its last token', async () => {
    const response = await askWith('lockchat', { kind: 'truncate', afterEvents: 99 })
    expect(contentOf(events(response.text))).toBe('1, 2, 3, 4, 5, 6, 7, 8, 9.')
    expect(response.text).not.toContain('"stop"')
  })

  test('half-event ends inside an event', async () => {
    const response = await askWith('lockchat', 'half-event')
    expect(response.error).toBeUndefined()
    expect(response.text).toMatch(/\n\ndata: \{[^\n]+$/)
  })

  test('no-end-mark has a finish reason and no [DONE]', async () => {
    const response = await askWith('lockchat', 'no-end-mark')
    expect(events(response.text).at(-1)?.choices[0]?.finish_reason).toBe('stop')
    expect(response.text).not.toContain('[DONE]')
  })

  test.each(names)('byte-by-byte sends %s the same bytes one at a time', async (dialect) => {
    const whole = await ask(sim, dialect, 'say 水!')
    const response = await askWith(dialect, 'byte-by-byte', 'say 水!')
    expect(response.text).toBe(whole.text)
    expect(response.chunks.length).toBe(Buffer.byteLength(whole.text))
  })
})

describe('a stalled answer', () => {
  test.each<[Fault['kind'], string]>([
    ['stall-before-first-token', ''],
    ['stall-mid-stream', '1, 2'],
    ['end-mark-then-open', '1, 2, 3, 4, 5, 6, 7, 8, 9.'],
  ])('%s stays open until the client disconnects, which is recorded', async (kind, sent) => {
    sim.fault('liaobots', kind)
    const request = start(sim, validRequest(sim, 'liaobots', 'count to 9'))
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

  test('stall-before-headers sends nothing at all', async () => {
    sim.fault('lockchat', 'stall-before-headers')
    const other = start(sim, validRequest(sim, 'lockchat'))
    other.on('error', () => undefined)
    // The answer to a later request shows that the first one was received.
    await ask(sim, 'liaobots')
    await expect
      .poll(() => sim.requests.find(({ dialect }) => dialect === 'lockchat'))
      .toMatchObject({ status: 0, bytesSent: 0 })
    other.destroy()
    const taken = sim.requests.find(({ dialect }) => dialect === 'lockchat')
    await taken?.done
    expect(taken?.clientClosedMs).toBeGreaterThanOrEqual(1)
  })

  test('trickle continues past the end of the answer', async () => {
    sim.fault('liaobots', { kind: 'trickle', everyMs: 0 })
    const request = start(sim, validRequest(sim, 'liaobots', 'say ab'))
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

describe('a body that is not an answer', () => {
  test('html-200 is a page', async () => {
    const response = await askWith('lockchat', 'html-200')
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect(response.text).toContain('<title>Sign in</title>')
  })

  test('empty-200 has an empty body', async () => {
    expect(await askWith('lockchat', 'empty-200')).toMatchObject({
      status: 200,
      text: '',
      headers: { 'content-length': '0' },
    })
  })

  test('empty-answer has the end mark and no content', async () => {
    const response = await askWith('lockchat', 'empty-answer')
    expect(contentOf(events(response.text))).toBe('')
    expect(dataOf(response.text).at(-1)).toBe('[DONE]')
    expect((await askWith('liaobots', 'empty-answer')).text).toBe('')
  })

  test('garbage is deterministic', async () => {
    const first = await askWith('lockchat', 'garbage')
    expect(first.headers['content-type']).toContain('text/event-stream')
    expect(Buffer.concat(first.chunks)).toHaveLength(512)
    expect(Buffer.concat((await askWith('lockchat', 'garbage')).chunks).equals(Buffer.concat(first.chunks))).toBe(true)
  })
})

describe('an endpoint that reports an error', () => {
  test.each<[DialectId, number, object]>([
    ['openai', 401, { error: { code: 'invalid_api_key', message: 'Incorrect API key provided.' } }],
    ['openai-responses', 401, { error: { code: 'invalid_api_key' } }],
    ['anthropic', 401, { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } }],
    ['google', 400, { error: { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } }],
    ['ollama', 401, { error: 'unauthorized' }],
    ['liaobots', 401, { error: { param: 'x-auth-code' } }],
    ['lockchat', 401, { error: { param: 'auth' } }],
    ['gravityengine', 401, { error: { code: 'invalid_api_key' } }],
  ])('wrong-key refuses the key of %s in the words of its dialect', async (dialect, status, body) => {
    sim.fault(dialect, { kind: 'wrong-key', times: 1 })
    const response = await ask(sim, dialect)
    expect(response.status).toBe(status)
    expect(parse(response.text)).toMatchObject(body)
    expect(sim.requests.at(-1)).toMatchObject({ status, fault: 'wrong-key' })
  })

  test('json-error-200 has a JSON error body', async () => {
    const response = await askWith('liaobots', { kind: 'json-error-200', error: { code: 'rate_limit_exceeded' } })
    expect(response.headers['content-type']).toBe('application/json')
    expect(parse(response.text).error).toMatchObject({ type: 'server_error', code: 'rate_limit_exceeded' })
  })

  test('error-first is a single error frame', async () => {
    const response = await askWith('lockchat', 'error-first')
    expect(events(response.text)).toHaveLength(1)
    expect(events(response.text)[0]?.error?.code).toBe('overloaded')
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
    const response = await askWith('lockchat', fault)
    expect(response).toMatchObject({ status: 429, headers: { 'retry-after': '2', 'content-type': 'application/json' } })
    expect(parse(response.text).error?.code).toBe('rate_limit_exceeded')
    expect(await askWith('lockchat', { ...fault, body: 'slow down' })).toMatchObject({ text: 'slow down' })
    expect(sim.requests.at(-1)).toMatchObject({ status: 429, fault: 'status', model: 'gpt-4' })
  })

  const words = 'The model: `gpt-4` does not exist'
  test.each([
    ['sse', 200, 'text/event-stream; charset=utf-8', (text: string) => events(text)[0]?.error?.message],
    ['json', 404, 'application/json', (text: string) => parse(text).error?.message],
    ['text', 200, 'text/plain; charset=utf-8', (text: string) => text],
  ] as const)('model-missing has the message of Lockchat as %s', async (as, status, type, wordsOf) => {
    const response = await askWith('lockchat', { kind: 'model-missing', as, status })
    expect(response).toMatchObject({ status, headers: { 'content-type': type } })
    expect(wordsOf(response.text)).toBe(words)
  })
})

describe('a fault', () => {
  test('applies to `times` requests', async () => {
    sim.fault('lockchat', { kind: 'empty-200', times: 2 })
    const response = [await ask(sim, 'lockchat'), await ask(sim, 'lockchat'), await ask(sim, 'lockchat')]
    expect(response.map(({ text }) => text === '')).toEqual([true, true, false])
    expect(sim.requests.map(({ fault }) => fault)).toEqual(['empty-200', 'empty-200', undefined])
  })

  test('applies to its own dialect only, until it is cleared', async () => {
    sim.fault('lockchat', 'empty-200')
    expect((await ask(sim, 'liaobots')).text).not.toBe('')
    sim.fault('lockchat', undefined)
    expect((await ask(sim, 'lockchat')).text).not.toBe('')
  })

  test.each(['empty-200', '{"kind":"status","status":503}'])('can be set by a header: %s', async (fault) => {
    const request = validRequest(sim, 'lockchat')
    await send(sim, { ...request, headers: { ...request.headers, 'x-simulate': fault } })
    expect(sim.requests[0]?.fault).toBe(fault.startsWith('{') ? 'status' : fault)
  })

  test('of an unknown kind or with an invalid option is rejected with a suggestion', () => {
    const set = (fault: unknown) => () => {
      // Untyped callers can pass anything.
      sim.fault('lockchat', fault as Fault)
    }
    expect(set('trucate')).toThrow('Unknown fault "trucate"; did you mean "truncate"?')
    expect(set({ kind: 'truncate', afterEvent: 1 })).toThrow('did you mean "afterEvents"?')
    expect(set({ kind: 'truncate', times: 0 })).toThrow('does not accept times: 0')
    expect(set({ kind: 'status', status: 99 })).toThrow('does not accept status: 99')
    expect(set(7)).toThrow(TypeError)
  })

  test('of any kind has a summary', () => {
    expect(faultKinds.length).toBeGreaterThan(50)
    for (const kind of faultKinds) expect(faults[kind].summary.length).toBeGreaterThan(10)
  })
})
