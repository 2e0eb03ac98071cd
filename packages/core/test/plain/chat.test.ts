import { describe, expect, test } from 'vitest'
import { ManualClock } from '../../src/async/manual-clock.ts'
import { ChatError } from '../../src/errors.ts'
import { retry } from '../../src/layers/retry.ts'
import { chat, type ChatOptions } from '../../src/plain/chat.ts'
import { pipe, type Provider } from '../../src/provider.ts'
import { partialOf } from '../../src/reading/partial.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { failure, info, local, rejection, start, textEvent } from '../support/providers.ts'
import { breaks, cut, fails, read, says, scripted } from './support.ts'

const at = { retry: { backoffMs: 0 } }
const plain = (provider: Provider, options: ChatOptions = at) => chat(provider, options)
const busy = new ChatError('overloaded', 'local: busy', { status: 503 })

describe('a question', () => {
  test('is a text, or a request whose model may be left out', async () => {
    const provider = scripted(says('Hi'))
    const { complete } = plain(provider)
    await complete('Hello')
    await complete({ messages: [{ role: 'user', content: 'Hello' }], temperature: 0 })
    await complete({ model: 'm2', messages: [{ role: 'user', content: 'Hello' }] })
    expect(provider.requests).toEqual([
      { model: 'm1', messages: [{ role: 'user', content: 'Hello' }] },
      { model: 'm1', messages: [{ role: 'user', content: 'Hello' }], temperature: 0 },
      { model: 'm2', messages: [{ role: 'user', content: 'Hello' }] },
    ])
  })

  test('has the model of the options, or else the first that the provider lists', async () => {
    const provider = scripted(says('Hi'))
    await plain(provider, { model: 'mine' }).complete('Hello')
    expect(provider.requests[0]?.model).toBe('mine')
    const listsNone = { ...scripted(says('Hi')), info: { ...provider.info, models: [] } }
    await expect(plain(listsNone).complete('Hello')).rejects.toThrow('no model is named')
  })

  test.each([[1], [null], [[]]])('%j is a mistake of the caller', (question) => {
    expect(() => plain(scripted(says('Hi'))).text(question as never)).toThrow(/^local: ask a text, or a request/)
  })
})

test.each([
  [{ models: 'm1' }, 'chat: unknown option "models". Did you mean "model"?'],
  [{ model: '' }, 'chat: model must be a name'],
  [{ onBreak: 'again' }, 'chat: onBreak must be'],
  [{ retry: { attempts: 0 } }, 'retry: attempts'],
  [{ deadlines: { totalMs: -1 } }, 'deadlines: totalMs'],
])('%j is a mistake of the caller, named at once', (options, words) => {
  expect(() => chat(scripted(says('Hi')), options as never)).toThrow(words)
})

describe('complete()', () => {
  test('survives a cut: a lone provider is asked again', async () => {
    const provider = scripted(breaks('Hal'), says('Hel', 'lo'))
    await expect(plain(provider).complete('Hello')).resolves.toMatchObject({ text: 'Hello', reason: 'stop' })
    expect(provider.requests).toHaveLength(2)
  })

  test('one 503 of a lone provider is not seen', async () => {
    const provider = scripted(fails(busy), says('Hello'))
    await expect(plain(provider).complete('Hello')).resolves.toMatchObject({ text: 'Hello' })
  })

  test.each([
    ['before its first content', fails(busy)],
    ['after it', breaks('Hal')],
  ])('asks a lone provider at most three times: %s', async (_when, script) => {
    const provider = scripted(script)
    await rejection(plain(provider).complete('Hello'))
    expect(provider.requests).toHaveLength(3)
  })

  test('throws what had arrived, of the last answer that was begun', async () => {
    const provider = scripted(breaks('one'), breaks('two'), fails(busy))
    const error = await failure(plain(provider).complete('Hello'), 'overloaded')
    expect(error.partial?.text).toBe('two')
  })

  test('a wrong key is called a wrong key, and not tried again', async () => {
    const provider = scripted(fails(new ChatError('auth', 'local: wrong key: 401', { status: 401 })))
    const error = await failure(plain(provider).complete('Hello'), 'auth')
    expect(error).toMatchObject({ status: 401, retryable: false })
    expect(provider.requests).toHaveLength(1)
  })

  test('says what all answers have used: an estimate where a broken one did not tell', async () => {
    const usage = { inputTokens: 3, outputTokens: 4, source: 'reported' as const }
    const whole = { events: [start, textEvent('Hi'), { type: 'finish' as const, reason: 'stop' as const, usage }] }
    const told = new ChatError('truncated', 'local: cut', { partial: { ...(await emptyResult()), usage } })
    const both = scripted({ events: [start, textEvent('H')], failure: told }, whole)
    const doubled = { inputTokens: 6, outputTokens: 8, source: 'reported' }
    await expect(plain(both).complete('Hello')).resolves.toMatchObject({ usage: doubled })
    const one = scripted(breaks('H'), whole)
    await expect(plain(one).complete('Hello')).resolves.toMatchObject({ usage: { ...usage, source: 'estimated' } })
  })

  test('the answer in the error has the usage of all answers that broke', async () => {
    const usage = { inputTokens: 3, outputTokens: 4, source: 'reported' as const }
    const told = () => new ChatError('truncated', 'local: cut', { partial: { ...whole, text: 'H', usage } })
    const whole = await emptyResult()
    const provider = scripted(...[1, 2, 3].map(() => ({ events: [start, textEvent('H')], failure: told() })))
    const { partial } = await failure(plain(provider).complete('Hello'), 'truncated')
    expect(partial).toMatchObject({ text: 'H', usage: { inputTokens: 9, outputTokens: 12, source: 'reported' } })
  })

  test.each([
    ['the call', {}, { onBreak: 'fail' as const }],
    ['the options', { onBreak: 'fail' as const }, {}],
  ])('fails at a break when %s says so', async (_who, options, call) => {
    const provider = scripted(breaks('Hal'), says('Hello'))
    await failure(plain(provider, { ...at, ...options }).complete('Hello', call), 'truncated')
    expect(provider.requests).toHaveLength(1)
  })

  test.each([
    [{ onBreak: 'again' as never }, 'onBreak must be'],
    [{ sginal: undefined } as never, 'Did you mean "signal"?'],
  ])('a mistake in the options of a call is one of any provider: %j', async (call, words) => {
    const provider = scripted(says('Hello'))
    for (const options of [at, { retry: false as const }]) {
      expect(String(await rejection(plain(provider, options).complete('Hello', call)))).toMatch(/^TypeError/)
      expect(String(await rejection(plain(provider, options).complete('Hello', call)))).toContain(words)
    }
    expect(provider.requests).toHaveLength(0)
  })

  test('retry: false asks once', async () => {
    const provider = scripted(breaks('Hal'), says('Hello'))
    await failure(plain(provider, { retry: false }).complete('Hello'), 'truncated')
    expect(provider.requests).toHaveLength(1)
  })

  test('retry: false: an abort ends it all the same, also of a stream that does not heed it', async () => {
    const deaf = local(async function* () {
      yield start
      await new Promise(() => undefined)
    })
    const stop = new AbortController()
    const asked = chat(deaf, { retry: false }).complete('Hello', { signal: stop.signal })
    await eventLoopTurn()
    stop.abort(new Error('enough'))
    expect(await rejection(asked)).toBe(stop.signal.reason)
  })

  test('retry: false: a stream() that gives no stream is a failure of the provider', async () => {
    const promising = { id: 'local', info, stream: () => Promise.reject(busy) as never }
    const error = await failure(chat(promising, { retry: false }).complete('Hello'), 'malformed')
    expect(error.message).toBe('local: its stream() gave no stream')
  })

  test('retries of the provider are not multiplied', async () => {
    const provider = scripted(fails(busy))
    const patient = pipe(provider, retry({ attempts: 2, backoffMs: 0 }))
    await failure(plain(patient).complete('Hello'), 'overloaded')
    expect(provider.requests).toHaveLength(2)
  })

  test('what retry() was told takes precedence over the default', async () => {
    const provider = scripted(breaks('Hal'), says('Hello'))
    const told = pipe(provider, retry({ onBreak: 'fail', backoffMs: 0 }))
    await failure(plain(told).complete('Hello'), 'truncated')
  })

  test('an abort ends it with its reason, also while it waits for the next attempt', async () => {
    const clock = new ManualClock()
    const provider = scripted(breaks('Hal'), says('Hello'))
    const stop = new AbortController()
    const patient = plain(provider, { retry: { clock, backoffMs: 1_000 } })
    const asked = patient.complete('Hello', { signal: stop.signal })
    await clock.advance(1)
    stop.abort(new Error('enough'))
    const reason = await rejection(asked)
    expect(reason).toBe(stop.signal.reason)
    expect(partialOf(reason)?.text).toBe('Hal')
    expect(provider.open()).toBe(0)
  })
})

describe('deadlines', () => {
  const silent = (): Provider =>
    local(async function* (call) {
      yield start
      await new Promise((_, reject) => {
        call?.signal?.addEventListener('abort', () => {
          reject(call.signal?.reason as Error)
        })
      })
    })

  test('limit all attempts together, before the first content', async () => {
    const clock = new ManualClock()
    const { complete } = plain(silent(), { retry: { backoffMs: 0, clock }, deadlines: { firstTokenMs: 100, clock } })
    const asked = complete('Hello')
    const [error] = await Promise.all([failure(asked, 'timeout'), clock.advance(1_000)])
    expect(error.message).toContain('no content within 100 ms')
  })

  test('a restart has its time to the first content anew, within the total', async () => {
    const clock = new ManualClock()
    let attempts = 0
    const slow = local(async function* () {
      yield start
      const attempt = ++attempts
      await new Promise<void>((resolve) => clock.after(80, resolve))
      yield textEvent(`answer ${attempt}`)
      if (attempt < 3) throw cut()
      yield { type: 'finish', reason: 'stop' }
    })
    const limits = { retry: { backoffMs: 0, clock }, deadlines: { firstTokenMs: 100, totalMs: 1_000, clock } }
    const [result] = await Promise.all([plain(slow, limits).complete('Hello'), clock.advance(1_000)])
    expect(result.text).toBe('answer 3')
  })

  test('a call may have its own, in place of those of the options', async () => {
    const clock = new ManualClock()
    const { complete } = plain(silent(), { retry: false, deadlines: { firstTokenMs: 100, clock } })
    const asked = complete('Hello', { deadlines: { firstTokenMs: 50 } })
    const [error] = await Promise.all([failure(asked, 'timeout'), clock.advance(60)])
    expect(error.message).toContain('no content within 50 ms')
  })
})

describe('embed()', () => {
  test('is that of the provider, with its retries', async () => {
    let asked = 0
    const provider: Provider = {
      ...scripted(says('Hi')),
      embed: () => (++asked === 1 ? Promise.reject(busy) : Promise.resolve({ vectors: [[1]] })),
    }
    await expect(plain(provider).embed({ model: 'm1', input: ['Hello'] })).resolves.toEqual({ vectors: [[1]] })
    expect(asked).toBe(2)
  })

  test('says who has none', async () => {
    const error = await failure(plain(scripted(says('Hi'))).embed({ model: 'm1', input: ['a'] }), 'unsupported')
    expect(error.message).toBe('local: it has no embeddings. Use a provider that has.')
  })
})

const emptyResult = async () => plain(scripted(says('Hi'))).complete('Hello')

test('an attempt that failed is closed, also when its stream waits for more', async () => {
  const provider = scripted({ events: [start, { type: 'text' } as never, textEvent('more')] }, says('Hello'))
  await expect(plain(provider).complete('Hello')).resolves.toMatchObject({ text: 'Hello' })
  expect(provider.open()).toBe(0)
})

test('nothing is left open, whatever came', async () => {
  const provider = scripted(breaks('Hal'), says('Hello'))
  await read(plain(provider).snapshots('Hello'))
  expect(provider.open()).toBe(0)
})
