import { describe, expect, test } from 'vitest'
import type { ChatEvent } from '../../src/chat.ts'
import type { ErrorCode } from '../../src/error-codes.ts'
import { ChatError } from '../../src/errors.ts'
import { toResponse } from '../../src/web/to-response.ts'
import { finish, rejection, start, textEvent } from '../support/providers.ts'
import { answering, endless } from '../support/web.ts'

const answer = [start, textEvent('a'), textEvent('b'), finish]

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
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('retry-after')).toBeNull()
    expect(await response.json()).toEqual({ error: { code, message: 'what happened', provider: 'acme' } })
  })

  test.each([
    [0, '0'],
    [1, '1'],
    [1_000, '1'],
    [20_500, '21'],
  ])('a wait of %i ms is %s in retry-after, in whole seconds, and exact in the body', async (retryAfterMs, seconds) => {
    const response = await toResponse(answering([start], new ChatError('rate-limited', 'busy', { retryAfterMs })))
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, seconds])
    expect(await response.json()).toMatchObject({ error: { retryAfterMs } })
  })

  test('a wait without an end is in no header', async () => {
    const endless = new ChatError('rate-limited', 'busy', { retryAfterMs: Infinity })
    expect((await toResponse(answering([], endless))).headers.get('retry-after')).toBeNull()
  })

  test('a key that an endpoint refuses is the server’s: its client gets 502 and the facts, but no cause', async () => {
    const refused = new ChatError('auth', 'acme: wrong key', {
      provider: 'acme',
      status: 401,
      cause: new Error('sk-1'),
    })
    const given = new ChatError('exhausted', 'all failed', { attempts: [refused], cause: refused })
    const bodies = await Promise.all(
      [refused, given].map(async (error) => (await toResponse(answering([], error))).text()),
    )
    expect(bodies.map((body): unknown => JSON.parse(body))).toEqual([
      { error: { code: 'auth', message: 'acme: wrong key', provider: 'acme', status: 401 } },
      {
        error: {
          code: 'exhausted',
          message: 'all failed',
          attempts: [{ code: 'auth', message: 'acme: wrong key', provider: 'acme' }],
        },
      },
    ])
    expect(bodies.join('')).not.toContain('sk-1')
  })

  test('of a function, a failure and a mistake at the call are responses, and a bug is thrown', async () => {
    const refused = await toResponse(() => {
      throw new ChatError('bad-request', 'the body: model is missing')
    })
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: { code: 'bad-request', message: 'the body: model is missing' } },
    ])
    const mistaken = await toResponse(() => Promise.reject(new TypeError('Acme does not support "seed"')))
    expect([mistaken.status, await mistaken.json()]).toEqual([
      400,
      { error: { code: 'bad-request', message: 'Acme does not support "seed"' } },
    ])
    const bug = new Error('a bug')
    expect(await rejection(toResponse(() => Promise.reject(bug)))).toBe(bug)
    expect(await rejection(toResponse(() => 5 as never))).toBeInstanceOf(TypeError)
    expect(await (await toResponse(() => Promise.resolve(answering(answer)), { as: 'text' })).text()).toBe('ab')
  })

  test.each([['html'], [{}], [null], [{ request: {}, answer: 5 }]])(
    'as: %j is a mistake, and nothing is read',
    async (as) => {
      const { stream, counted } = endless()
      expect(await rejection(toResponse(stream, { as: as as 'text' }))).toBeInstanceOf(TypeError)
      expect(counted.yielded).toBe(0)
    },
  )

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

  test('as text, a character that two events share is one, and a half of one is no text', async () => {
    const textOf = async (...texts: string[]) => {
      const events = [start, ...texts.map(textEvent), finish]
      return (await toResponse(answering(events), { as: 'text' })).text()
    }
    expect(await textOf('a\ud83d', '\ude00', '!')).toBe('a😀!')
    expect(await textOf('\ud83d', 'b\ud83d')).toBe('\ufffdb\ufffd')
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
