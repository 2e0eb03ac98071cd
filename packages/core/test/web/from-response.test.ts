import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import { CODES, type ErrorCode } from '../../src/error-codes.ts'
import { ChatError } from '../../src/errors.ts'
import { collect } from '../../src/reading/collect.ts'
import { fromResponse } from '../../src/web/from-response.ts'
import { toResponse } from '../../src/web/to-response.ts'
import {
  eventsOf,
  failure,
  finish,
  hello,
  local,
  readUntilFailure,
  rejection,
  start,
  textEvent,
} from '../support/providers.ts'
import { deferred } from '../support/servers.ts'
import { answering, endless, serveRoute } from '../support/web.ts'

const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'truncated', message: 'a broke' }
const answer: readonly ChatEvent[] = [
  { type: 'start', provider: 'openai', model: 'm1-2026', id: 'a1', dropped: ['topK'] },
  { type: 'reasoning', text: 'Hm', signature: 's', id: 'r1' },
  textEvent('水と'),
  restart,
  { type: 'start', provider: 'anthropic', model: 'm2' },
  textEvent('🌊'),
  { type: 'tool-call', id: 'c1', name: 'weather' },
  { type: 'tool-input', id: 'c1', text: '{"city":' },
  { type: 'tool-input', id: 'c1', text: '"Ulm"}' },
  { type: 'native', dialect: 'anthropic-messages', value: { type: 'search' } },
  { type: 'resume', from: 'a', reason: 'overloaded', message: 'gone' },
  { type: 'start', provider: 'anthropic', model: 'm2' },
  { type: 'finish', reason: 'tool-calls', usage: { inputTokens: 1, outputTokens: 2, source: 'reported' }, skipped: 1 },
]
const HEADERS = { 'content-type': 'text/event-stream' }
const response = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = HEADERS,
  status = 200,
): Response => new Response(body, { headers, status })
const bytesOf = async (events: readonly ChatEvent[], error?: Error): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await (await toResponse(answering(events, error))).arrayBuffer())
/** What a page does with an error. */
const factsOf = ({ code, message, provider, status, retryAfterMs, partial, attempts }: ChatError) => ({
  code,
  message,
  provider,
  status,
  retryAfterMs,
  partial,
  attempts: attempts?.map((attempt) => [attempt.code, attempt.message, attempt.provider]),
})

describe('what toResponse() was given is what fromResponse() gives', () => {
  test('every kind of event, over a socket', async () => {
    const { url } = await serveRoute(() => toResponse(answering(answer)))
    expect(await eventsOf(fromResponse(await fetch(url)))).toEqual(answer)
  })

  test('events that are new since this was written are ignored', async () => {
    const later = [start, { type: 'later', value: 1 }, textEvent('a'), finish] as ChatEvent[]
    expect(await eventsOf(fromResponse(await toResponse(answering(later))))).toEqual([start, textEvent('a'), finish])
  })

  test('a restart for a reason that is new since this was written is one all the same', async () => {
    const newer = { ...restart, reason: 'later' } as unknown as ChatEvent
    const read = await eventsOf(fromResponse(await toResponse(answering([start, newer, finish]))))
    expect(read).toEqual([start, { ...restart, reason: 'overloaded' }, finish])
  })

  const text = fc.string({ unit: 'grapheme' })
  const event: fc.Arbitrary<ChatEvent> = fc.oneof(
    fc.record({ type: fc.constant('text' as const), text }),
    fc.record({ type: fc.constant('reasoning' as const), text, sealed: text }),
    fc.record({ type: fc.constant('tool-call' as const), id: text, name: text }),
    fc.record({ type: fc.constant('tool-input' as const), id: text, text }),
    fc.constantFrom<ChatEvent>(restart, start),
  )
  test('any events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event), async (events) => {
        const given = [start, ...events, finish]
        expect(await eventsOf(fromResponse(await toResponse(answering(given))))).toEqual(given)
      }),
    )
  })

  const attempts = [
    new ChatError('overloaded', 'a: busy', { provider: 'a' }),
    new ChatError('auth', 'b: wrong key', { provider: 'b' }),
  ]
  const details = [
    { provider: 'acme', status: 503, retryAfterMs: 1_234 },
    { provider: 'acme', attempts },
  ]
  const codes = Object.keys(CODES) as ErrorCode[]
  test.each(codes)('a failure with its code, words and facts, before content and after it: %s', async (code) => {
    for (const detail of details) {
      for (const events of [[], [start], [start, textEvent('half')]]) {
        const given = new ChatError(code, `acme: a ${code} "of" 水`, detail)
        const direct = await readUntilFailure(answering(events, given))
        const { url } = await serveRoute(() => toResponse(answering(events, given)))
        const read = await readUntilFailure(fromResponse(await fetch(url)))
        const hasContent = events.length > 1
        expect(read.events).toEqual(hasContent ? direct.events : [])
        const partial = hasContent ? { text: 'half', provider: 'local' } : undefined
        expect(read.reason).toBeInstanceOf(ChatError)
        expect(factsOf(read.reason as ChatError)).toMatchObject({ ...factsOf(given), partial })
      }
    }
  })

  test('a failure with all that it may say fits into what is read of an error', async () => {
    const words = '水'.repeat(8_000)
    const attempts = Array.from({ length: 50 }, () => new ChatError('overloaded', words, { provider: 'a' }))
    const given = new ChatError('exhausted', `${words}…`.repeat(9), { provider: 'g', retryAfterMs: 5, attempts })
    const error = await failure(collect(fromResponse(await toResponse(answering([], given)))), 'exhausted')
    expect(error).toMatchObject({ message: words, provider: 'g', retryAfterMs: 5 })
    expect(error.attempts?.map(({ message }) => message)).toEqual(Array(16).fill('水'.repeat(500)))
  })

  test('a failure of nobody in particular keeps its words', async () => {
    for (const events of [[start], [start, textEvent('a')]]) {
      const given = new ChatError('bad-request', 'model is missing')
      const { message } = await failure(
        eventsOf(fromResponse(await toResponse(answering(events, given)))),
        'bad-request',
      )
      expect(message).toBe('model is missing')
    }
  })
})

describe('bytes that are cut', () => {
  const usage = { inputTokens: 1, outputTokens: 2, source: 'reported' } as const
  const given: ChatEvent[] = [start, textEvent('水'), { type: 'finish', reason: 'stop', usage }]

  test('are a failure at every byte before the end of the finish event, and the answer after it', async () => {
    const bytes = await bytesOf(given)
    const whole = bytes.length - 2
    expect(new TextDecoder().decode(bytes).slice(-3)).toBe('}\n\n')
    for (let at = 0; at <= bytes.length; at++) {
      const read = collect(fromResponse(response(bytes.slice(0, at))))
      if (at >= whole) expect(await read, `cut at ${at}`).toMatchObject({ text: '水', reason: 'stop', usage })
      else expect(await rejection(read), `cut at ${at}`).toMatchObject({ code: at === 0 ? 'malformed' : 'truncated' })
    }
  })

  test('never make a success of a failure', async () => {
    const bytes = await bytesOf(given.slice(0, 2), new ChatError('overloaded', 'gone'))
    for (let at = 0; at <= bytes.length; at++) {
      expect(await rejection(collect(fromResponse(response(bytes.slice(0, at)))))).toBeInstanceOf(ChatError)
    }
  })

  test('by a connection that breaks are truncated, with what had come', async () => {
    const seen = deferred()
    const breaking = local(async function* () {
      yield start
      yield textEvent('half')
      await seen.promise
      throw new Error('a bug')
    })
    const { url } = await serveRoute(() => toResponse(breaking.stream(hello)))
    const reading = (async () => {
      for await (const { type } of fromResponse(await fetch(url))) if (type === 'text') seen.resolve()
    })()
    expect(await failure(reading, 'truncated')).toMatchObject({ provider: 'response', partial: { text: 'half' } })
  })
})

describe('what is not an answer of toResponse()', () => {
  const data = (...values: unknown[]): string => values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')

  test.each<[what: string, response: () => Response, code: ErrorCode, words: RegExp]>([
    ['a text', () => response('hello', { 'content-type': 'text/plain' }), 'malformed', /text\/plain.*Leave out `as`/],
    ['a document', () => response('{}', { 'content-type': 'application/json' }), 'malformed', /application\/json/],
    ['a page', () => response('<html>', { 'content-type': 'text/html' }), 'malformed', /HTML page/],
    ['a type of something else', () => response('a,b', { 'content-type': 'text/csv' }), 'malformed', /type text\/csv/],
    [
      'an error document with status 200',
      () => response('{"error":{"code":"quota","message":"m"}}', { 'content-type': 'application/json' }),
      'quota',
      /^m$/,
    ],
    [
      'a document that is cut',
      () => response('{"error":{"code":"quo', { 'content-type': 'application/json' }),
      'truncated',
      /broke off/,
    ],
    ['no content type', () => response(new Uint8Array([1]), {}), 'malformed', /has no content type/],
    ['no body', () => new Response(null, { headers: HEADERS }), 'malformed', /without a body/],
    ['words in an event', () => response(data(start) + 'data: hello\n\n'), 'malformed', /no known form/],
    ['a number in an event', () => response(data(start, 5)), 'malformed', /no known form/],
    ['an event without a type', () => response(data(start, {})), 'malformed', /no known form/],
    ['a text that is a number', () => response(data(start, { type: 'text', text: 5 })), 'malformed', /no known form/],
    [
      'a restart without a reason',
      () => response(data(start, { type: 'restart', from: 'a' })),
      'malformed',
      /no known form/,
    ],
    ['a dropped that is no list', () => response(data({ ...start, dropped: 5 })), 'malformed', /no known form/],
    ['usage without numbers', () => response(data(start, { ...finish, usage: {} })), 'malformed', /no known form/],
    ['an error of a proxy', () => response('event: error\ndata: upstream overloaded\n\n'), 'overloaded', /upstream/],
    [
      'a code that there is not',
      () => response('event: error\ndata: {"code":"x","message":"m"}\n\n'),
      'overloaded',
      /m/,
    ],
    ['an error without a code', () => response('{"error":{"message":"no"}}', {}, 404), 'not-found', /HTTP 404: no/],
    ['an error page', () => response('<html>', { 'content-type': 'text/html' }, 504), 'overloaded', /HTTP 504$/],
  ])('is a failure with a code: %s', async (_what, make, code, words) => {
    expect((await failure(collect(fromResponse(make())), code)).message).toMatch(words)
  })

  test('of an error that a stranger states, only what has the right type is read', async () => {
    const odd = {
      provider: 5,
      status: 'a',
      retryAfterMs: -1,
      attempts: [5, { code: 'x' }, { code: 'auth', message: 'm' }],
    }
    const error = await failure(
      collect(fromResponse(Response.json({ error: { code: 'quota', message: 'm', ...odd } }, { status: 500 }))),
      'quota',
    )
    expect(error).toMatchObject({ provider: 'response', message: 'm' })
    expect([error.status, error.retryAfterMs]).toEqual([undefined, undefined])
    expect(error.attempts?.map(({ code, message }) => [code, message])).toEqual([['auth', 'm']])
  })

  test('of an error with endless attempts and words, a part is read', async () => {
    const attempts = Array.from({ length: 500 }, () => ({ code: 'auth', message: 'm' }))
    const stated = { code: 'exhausted', message: 'm'.repeat(50_000), provider: 'a', attempts }
    const error = await failure(collect(fromResponse(Response.json({ error: stated }, { status: 502 }))), 'exhausted')
    expect([error.attempts?.length, error.message.length]).toEqual([16, 8_000])
  })

  test('of an error with attempts of attempts, nested by a stranger, the first level is read', async () => {
    const level = '{"code":"auth","message":"m","attempts":['
    for (const [status, depth] of [
      [200, 20_000],
      [502, 1_000],
    ] as const) {
      const body = `{"error":${level.repeat(depth)}${']}'.repeat(depth)}}`
      const answer = response(body, { 'content-type': 'application/json' }, status)
      const { attempts = [] } = await failure(collect(fromResponse(answer)), 'auth')
      expect(attempts.map((attempt) => attempt.attempts)).toEqual([undefined])
    }
  })

  test('a reason that is new since this was written is "other"', async () => {
    const read = await collect(fromResponse(response(data(start, { type: 'finish', reason: 'new' }))))
    expect(read.reason).toBe('other')
  })

  test('a frame without an end has a bound', async () => {
    let isCancelled = false
    const chunk = new TextEncoder().encode('x'.repeat(1024 * 1024))
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(chunk)
      },
      cancel() {
        isCancelled = true
      },
    })
    await failure(collect(fromResponse(new Response(body, { headers: HEADERS }))), 'malformed')
    expect(isCancelled).toBe(true)
  })

  test.each([undefined, 'text', {}, new Request('http://a.example')])('%s is a mistake', (value) => {
    expect(() => fromResponse(value as Response)).toThrow(/must be a Response/)
  })

  test('a body that has been read is a mistake, and so is one that is being read', async () => {
    const read = response('')
    await read.text()
    expect(() => fromResponse(read)).toThrow(/read once/)
    const locked = response('')
    locked.body?.getReader()
    expect(() => fromResponse(locked)).toThrow(/read once/)
    expect(() => fromResponse(response(''), { signl: undefined } as object)).toThrow(/Did you mean "signal"/)
  })
})

test('a reader that leaves ends the stream at the server', async () => {
  const { stream, counted } = endless()
  const { url } = await serveRoute(() => toResponse(stream))
  for await (const { type } of fromResponse(await fetch(url))) if (type === 'text') break
  await counted.closed
})

test('an abort rejects with its reason, and ends the stream at the server', async () => {
  const { stream, counted } = endless()
  const { url } = await serveRoute(() => toResponse(stream))
  const abort = new AbortController()
  const reason = { why: 'the user' }
  const seen = deferred()
  const reading = (async () => {
    for await (const { type } of fromResponse(await fetch(url), { signal: abort.signal }))
      if (type === 'text') seen.resolve()
  })()
  await seen.promise
  abort.abort(reason)
  expect(await rejection(reading)).toBe(reason)
  await counted.closed
})
