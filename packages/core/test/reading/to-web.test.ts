import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import type { ErrorCode } from '../../src/error-codes.ts'
import { ChatError } from '../../src/errors.ts'
import { toReadableStream, toResponse } from '../../src/reading/to-web.ts'
import { finish, hello, local, rejection, textEvent, start } from '../support/providers.ts'
import { deferred } from '../support/servers.ts'

const answering = (events: readonly ChatEvent[], failure?: Error): AsyncIterable<ChatEvent> =>
  local(async function* () {
    yield* events
    if (failure !== undefined) throw failure
  }).stream(hello)

/** An endless answer that records how far it was read, and when it was closed. */
function endless() {
  const closed = deferred()
  const counted = { yielded: 0, closed: closed.promise }
  const stream = local(async function* () {
    try {
      yield start
      for (;;) {
        counted.yielded++
        yield textEvent('x')
      }
    } finally {
      closed.resolve()
    }
  }).stream(hello)
  return { stream, counted }
}

const answer = [start, textEvent('a'), textEvent('b'), finish]

describe('toReadableStream', () => {
  test('gives every event, in order', async () => {
    expect(await Array.fromAsync(toReadableStream(answering(answer)))).toEqual(answer)
  })

  test('reads no further than its reader does', async () => {
    const { stream, counted } = endless()
    const reader = toReadableStream(stream).getReader()
    expect(counted.yielded).toBe(0)
    for (let reads = 0; reads < 4; reads++) await reader.read()
    expect(counted.yielded).toBe(3)
    await reader.cancel()
  })

  test('a reader that cancels closes the stream', async () => {
    const { stream, counted } = endless()
    const reader = toReadableStream(stream).getReader()
    await reader.read()
    await reader.cancel()
    await counted.closed
    expect(counted.yielded).toBe(0)
  })

  test('fails with the error of the stream', async () => {
    const reason = new ChatError('overloaded', 'later')
    const reader = toReadableStream(answering([start], reason)).getReader()
    await reader.read()
    expect(await rejection(reader.read())).toBe(reason)
  })
})

const statuses: [ErrorCode, number][] = [
  ['auth', 502],
  ['quota', 502],
  ['rate-limited', 429],
  ['bad-request', 400],
  ['context-length', 413],
  ['not-found', 404],
  ['content-filter', 422],
  ['overloaded', 503],
  ['timeout', 504],
  ['network', 502],
  ['truncated', 502],
  ['malformed', 502],
  ['unsupported', 400],
  ['exhausted', 502],
]

describe('toResponse', () => {
  test('is an event stream with one event as JSON each', async () => {
    const response = await toResponse(answering(answer))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toBe(answer.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
  })

  test.each(statuses)('a failure before any content sets the status: %s is %i', async (code, status) => {
    const failing = answering([start], new ChatError(code, 'what happened', { partial: undefined, provider: 'acme' }))
    const response = await toResponse(failing, { headers: { 'x-own': '1' } })
    expect(response.status).toBe(status)
    expect(response.headers.get('x-own')).toBe('1')
    expect(await response.json()).toEqual({ error: { code, message: 'what happened' } })
  })

  test('a failure after content is a last event', async () => {
    const response = await toResponse(answering([start, textEvent('a')], new ChatError('truncated', 'it broke off')))
    expect(response.status).toBe(200)
    const events = (await response.text()).split('\n\n').slice(2)
    expect(events).toEqual(['event: error\ndata: {"code":"truncated","message":"it broke off"}', ''])
  })

  test('an error that is not a ChatError is thrown, and breaks a response that has begun', async () => {
    const bug = new Error('a bug')
    expect(await rejection(toResponse(answering([start], bug)))).toBe(bug)
    const begun = await toResponse(answering([start, textEvent('a')], bug))
    expect(await rejection(begun.text())).toBe(bug)
  })

  test('as text, has the text alone', async () => {
    const thought: ChatEvent = { type: 'reasoning', text: 'hm' }
    const response = await toResponse(answering([start, thought, textEvent('a'), thought, textEvent('🌊'), finish]), {
      as: 'text',
    })
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toBe('a🌊')
  })

  test('as text, a failure breaks the connection: a truncated answer can not pass for a whole one', async () => {
    const reason = new ChatError('truncated', 'it broke off')
    const response = await toResponse(answering([start, textEvent('half')], reason), { as: 'text' })
    expect(await rejection(response.text())).toBe(reason)
  })

  test('as text, a restarted answer breaks the connection: two answers are not joined', async () => {
    const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'truncated', message: 'a broke' }
    const response = await toResponse(answering([start, textEvent('old'), restart, start, textEvent('new'), finish]), {
      as: 'text',
    })
    expect(await rejection(response.text())).toMatchObject({ code: 'truncated' })
  })

  test('an answer without content is a response too', async () => {
    expect(await (await toResponse(answering([start, finish]))).text()).toContain('"finish"')
    expect(await (await toResponse(answering([start, finish]), { as: 'text' })).text()).toBe('')
  })

  test('the caller’s headers are merged last', async () => {
    const headers = { 'cache-control': 'no-transform', 'x-own': '1' }
    const response = await toResponse(answering(answer), { headers })
    expect(response.headers.get('cache-control')).toBe('no-transform')
    expect(response.headers.get('x-own')).toBe('1')
  })

  test('reads no further than its reader does, and a reader that cancels closes the stream', async () => {
    const { stream, counted } = endless()
    const response = await toResponse(stream)
    expect(counted.yielded).toBe(1)
    const reader = response.body?.getReader()
    for (let reads = 0; reads < 4; reads++) await reader?.read()
    expect(counted.yielded).toBe(4)
    await reader?.cancel()
    await counted.closed
  })
})
