import { readFileSync } from 'node:fs'
import { ChatError, type ChatRequest, collect } from '@rivulet/core'
import { type Fault, simulator, type Simulator } from '@rivulet/simulator'
import { answering, byteServer, type Script } from '@rivulet/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { lockchat, type LockchatOptions } from '../src/index.ts'

const request: ChatRequest = { model: 'gpt-4', messages: [{ role: 'user', content: 'count to 5' }] }
const WORDS = 'The model: `gpt-4` does not exist'
const RIGHT = '1, 2, 3, 4, 5.'

let sim: Simulator
beforeAll(async () => {
  vi.stubEnv('LOCKCHAT_AUTH', undefined)
  sim = await simulator()
})
// The waits between two attempts are real; the tests let them pass at once.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  sim.clear()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await sim.close()
})

interface Retry {
  error: ChatError
  waitMs: number
}

/** Lockchat without the waits, and what it told of them. */
function hurried(options: LockchatOptions = {}) {
  const retries: Retry[] = []
  const provider = lockchat({
    baseUrl: sim.baseUrl('lockchat'),
    ...options,
    onRetry(error, waitMs) {
      retries.push({ error, waitMs })
      queueMicrotask(() => vi.advanceTimersByTime(waitMs))
    },
  })
  return { provider, retries }
}

const failure = (asked: Promise<unknown>): Promise<ChatError> =>
  asked.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as ChatError,
  )

const delta = (delta: object, finish_reason: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`

/** A streamed answer of these deltas. */
const streamed = (...contents: string[]): Script => {
  const deltas = contents.map((content) => delta({ content }))
  const text = [delta({ role: 'assistant' }), ...deltas, delta({}, 'stop'), 'data: [DONE]\n\n'].join('')
  return answering({ contentType: 'text/event-stream', body: Buffer.from(text) })
}

const right = answering({
  contentType: 'text/event-stream',
  body: readFileSync(new URL('fixtures/text.sse', import.meta.url)),
})

const forms: Fault[] = [200, 404].flatMap((status) =>
  (['sse', 'json', 'text'] as const).map((as): Fault => ({ kind: 'model-missing', status, as, times: 1 })),
)

describe('a model that is denied although it exists', () => {
  test.each(forms)('is requested again, and the caller gets that answer: $status as $as', async (fault) => {
    sim.fault('lockchat', fault)
    const { provider, retries } = hurried()
    expect(await collect(provider.stream(request))).toMatchObject({ text: RIGHT, reason: 'stop' })
    expect(sim.requests).toHaveLength(2)
    expect(sim.requests[1]?.bodyText).toBe(sim.requests[0]?.bodyText)
    expect(retries).toHaveLength(1)
    expect(retries[0]?.error).toMatchObject({ code: 'not-found', provider: 'lockchat' })
    expect(retries[0]?.error.message).toContain(WORDS)
    expect(retries[0]?.waitMs).toBeGreaterThanOrEqual(250)
    expect(retries[0]?.waitMs).toBeLessThanOrEqual(750)
  })

  test.each([
    ['in one delta', ['The model: `gpt-4` does not exist']],
    ['split over deltas', ['The', ' model', ': `gpt', '-4` does', ' not exi', 'st']],
    ['with a full stop', ['The model: `gpt-4`', ' does not exist.\n']],
    ['of another name', ['The model: `gpt-3.5-turbo-0301` does not exist']],
  ])('is asked for again when the words are the text of the answer: %s', async (_what, contents) => {
    await using server = await byteServer()
    const play = server.play((exchange) => (play.exchanges.length === 1 ? streamed(...contents) : right)(exchange))
    const { provider, retries } = hurried({ baseUrl: play.baseUrl })
    const events: string[] = []
    for await (const event of provider.stream(request)) events.push(event.type)
    expect(events.filter((type) => type === 'start')).toHaveLength(1)
    expect([play.exchanges.length, retries.length]).toEqual([2, 1])
  })

  test.each([
    ['bare text', 'text/plain', WORDS],
    ['bare text in an event', 'text/event-stream', `data: ${WORDS}\n\n`],
    ['bare text that calls itself events', 'text/event-stream', WORDS],
    [
      'an error document',
      'application/json',
      JSON.stringify({ error: { message: WORDS, type: 'invalid_request_error' } }),
    ],
    [
      'a document that is an answer',
      'application/json',
      JSON.stringify({ choices: [{ message: { content: WORDS } }] }),
    ],
  ])('is asked for again when the words are %s, a byte at a time', async (_what, contentType, text) => {
    await using server = await byteServer()
    const body = Buffer.from(text)
    const denied = answering(
      { contentType, body },
      'chunked',
      Array.from(body, (byte) => Uint8Array.of(byte)),
    )
    const play = server.play((exchange) => (play.exchanges.length === 1 ? denied : right)(exchange))
    const { provider } = hurried({ baseUrl: play.baseUrl })
    expect(await collect(provider.stream(request))).toMatchObject({ reason: 'stop' })
    expect(play.exchanges).toHaveLength(2)
  })

  test('is requested three times at most, and is then not-found, in the words of the server', async () => {
    sim.fault('lockchat', 'model-missing')
    const { provider, retries } = hurried()
    const error = await failure(collect(provider.stream(request)))
    expect(error).toBeInstanceOf(ChatError)
    expect(error).toMatchObject({ code: 'not-found', provider: 'lockchat', retryable: false })
    expect(error.message).toContain(WORDS)
    expect(sim.requests).toHaveLength(3)
    expect(retries).toHaveLength(2)
    expect(retries[1]?.waitMs).toBeGreaterThanOrEqual(500)
  })

  test.each([1, 2, 5])('is requested `attempts` times: %i', async (attempts) => {
    sim.fault('lockchat', { kind: 'model-missing', status: 404, as: 'json' })
    const { provider } = hurried({ attempts })
    expect(await failure(collect(provider.stream(request)))).toMatchObject({ code: 'not-found', status: 404 })
    expect(sim.requests).toHaveLength(attempts)
  })

  test.each([0, 1.5, -1, Number.NaN])('attempts: %d is a mistake', (attempts) => {
    expect(() => lockchat({ attempts })).toThrow(TypeError)
  })

  test('is not requested again after content', async () => {
    await using server = await byteServer()
    const body = Buffer.from(
      `${delta({ content: 'Half an answer' })}data: {"error":{"message":"${WORDS}","code":"model_not_found"}}\n\n`,
    )
    const play = server.play(answering({ contentType: 'text/event-stream', body }))
    const { provider, retries } = hurried({ baseUrl: play.baseUrl })
    const error = await failure(collect(provider.stream(request)))
    expect(error).toMatchObject({ code: 'not-found', partial: { text: 'Half an answer' } })
    expect([play.exchanges.length, retries.length]).toEqual([1, 0])
  })

  test.each([
    ['quoted and talked about', [WORDS, ', it says. Which one do you mean?']],
    ['after other words', ['It answers: ', WORDS]],
    ['begun and not ended', ['The model: `gpt']],
    ['continued in Russian', [WORDS, ', но вот ответ']],
    ['continued in Chinese', [WORDS, '。这是答案']],
    ['continued in Japanese', [WORDS, 'とのことです']],
    ['continued by a number', [WORDS, ': ', '42']],
  ])('is not what an answer says whose words are %s', async (_what, contents) => {
    await using server = await byteServer()
    const play = server.play(streamed(...contents))
    const { provider } = hurried({ baseUrl: play.baseUrl })
    expect((await collect(provider.stream(request))).text).toBe(contents.join(''))
    expect(play.exchanges).toHaveLength(1)
  })

  test.each([
    ['the connection breaks', ''],
    ['the endpoint reports an error', 'data: {"error":{"message":"busy"}}\n\n'],
  ])('is in the partial answer as far as it has come, when %s', async (_what, rest) => {
    await using server = await byteServer()
    const text = delta({ content: 'The model: `' }) + delta({ content: 'gpt' }) + rest
    const play = server.play(answering({ contentType: 'text/event-stream', body: Buffer.from(text) }))
    const { provider } = hurried({ baseUrl: play.baseUrl })
    const error = await failure(collect(provider.stream(request)))
    expect(error).toMatchObject({ provider: 'lockchat', partial: { text: 'The model: `gpt' } })
    expect(play.exchanges).toHaveLength(1)
  })

  test('is held back no longer than the words may be, and in its order', async () => {
    await using server = await byteServer()
    const body = [
      delta({ content: 'The model: `' }),
      delta({ reasoning: 'hm' }),
      delta({ content: 'x' }),
      delta({}, 'stop'),
    ]
    const play = server.play(answering({ contentType: 'text/event-stream', body: Buffer.from(body.join('')) }))
    const { provider } = hurried({ baseUrl: play.baseUrl })
    const types: string[] = []
    for await (const { type } of provider.stream(request)) types.push(type)
    expect(types).toEqual(['start', 'text', 'reasoning', 'text', 'finish'])
    const long = await (async () => {
      const script = streamed(`The model: \`${'x'.repeat(200)}`, ' a')
      return collect(lockchat({ baseUrl: server.play(script).baseUrl }).stream(request))
    })()
    expect(long.text).toHaveLength(214)
  })

  test.each<Fault>([
    { kind: 'status', status: 404, body: 'Not Found' },
    { kind: 'status', status: 404, error: { message: 'The model `gpt-4` has been retired.', code: 'model_not_found' } },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 429 },
    { kind: 'html-200' },
    { kind: 'reset-mid-stream', afterEvents: 0 },
  ])('is not what another failure is, and no other is asked again: %o', async (fault) => {
    sim.fault('lockchat', fault)
    const { provider, retries } = hurried()
    await failure(collect(provider.stream(request)))
    expect([sim.requests.length, retries.length]).toEqual([1, 0])
  })

  test('is not requested again when the caller aborts during the wait', async () => {
    sim.fault('lockchat', 'model-missing')
    const caller = new AbortController()
    const reason = { enough: true }
    const baseUrl = sim.baseUrl('lockchat')
    const patient = lockchat({
      baseUrl,
      onRetry: () => {
        queueMicrotask(() => {
          caller.abort(reason)
        })
      },
    })
    const asked = collect(patient.stream(request, { signal: caller.signal }))
    expect(await asked.catch((thrown: unknown) => thrown)).toBe(reason)
    vi.advanceTimersByTime(10_000)
    expect(sim.requests).toHaveLength(1)
  })
})

describe('bugs of the first versions', () => {
  test('the retry recursed without a bound and its answer was dropped (Lockchat)', async () => {
    sim.fault('lockchat', { kind: 'model-missing', times: 2 })
    const { provider } = hurried()
    expect((await collect(provider.stream(request))).text).toBe(RIGHT)
    expect(sim.requests).toHaveLength(3)
    sim.clear()
    sim.fault('lockchat', 'model-missing')
    await failure(collect(provider.stream(request)))
    expect(sim.requests).toHaveLength(3)
  })
})
