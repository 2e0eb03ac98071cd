import { chat, ChatError, collect, type Provider, textOf } from '@rivulet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AttemptReport, failover } from '../src/index.ts'
import { eventsOf, failure, finish, member, REQUEST, type Script, text } from './support/members.ts'

const ANSWER: Script = [text('Hel'), text('lo'), finish]
const CODES = ['auth', 'quota', 'rate-limited', 'not-found', 'overloaded', 'timeout', 'network', 'truncated'] as const

describe('before the first content', () => {
  it.each([...CODES, 'malformed', 'context-length', 'unsupported', 'exhausted'] as const)(
    'a member that fails with %s is passed over, and the reader sees nothing of it',
    async (code) => {
      const broken = member('broken', [failure(code)])
      const events = await eventsOf(failover([broken, member('sound', ANSWER)]).stream(REQUEST))
      expect(events).toEqual([{ type: 'start', provider: 'sound', model: 'm' }, text('Hel'), text('lo'), finish])
      expect(broken.requests).toHaveLength(1)
    },
  )

  it.each(['bad-request', 'content-filter'] as const)(
    '%s does not move on: the next would answer alike',
    async (code) => {
      const next = member('next', ANSWER)
      const stream = failover([member('broken', [failure(code)]), next]).stream(REQUEST)
      await expect(collect(stream)).rejects.toMatchObject({ code })
      expect(next.requests).toHaveLength(0)
    },
  )

  it('a redirect moves on: only that member has moved', async () => {
    const moved = new ChatError('bad-request', 'it redirects', { status: 302 })
    const stream = failover([member('moved', [moved]), member('sound', ANSWER)]).stream(REQUEST)
    await expect(collect(stream)).resolves.toMatchObject({ provider: 'sound', text: 'Hello' })
  })

  it('an empty answer is a failure like any other', async () => {
    const attempts: AttemptReport[] = []
    const group = failover([member('empty', [finish]), member('sound', ANSWER)], {
      onAttempt: (attempt) => attempts.push(attempt),
    })
    await expect(collect(group.stream(REQUEST))).resolves.toMatchObject({ provider: 'sound', text: 'Hello' })
    expect(attempts).toMatchObject([
      { provider: 'empty', outcome: 'failed', error: { code: 'malformed' } },
      { provider: 'sound', outcome: 'answered' },
    ])
  })

  it('a tool call is content, and so is reasoning', async () => {
    const call = { type: 'tool-call', id: '1', name: 'weather' } as const
    const next = member('next', ANSWER)
    for (const content of [call, { type: 'reasoning', text: 'hm' } as const]) {
      const stream = failover([member('broken', [content, failure('overloaded')]), next]).stream(REQUEST)
      await expect(collect(stream)).rejects.toMatchObject({ code: 'overloaded' })
    }
    expect(next.requests).toHaveLength(0)
  })

  it('failoverWhen may decide otherwise', async () => {
    const group = failover([member('broken', [failure('auth')]), member('sound', ANSWER)], {
      failoverWhen: () => false,
    })
    await expect(collect(group.stream(REQUEST))).rejects.toMatchObject({ code: 'auth' })
  })

  it('a member that throws another error than a ChatError is passed over, with the cause kept', async () => {
    const attempts: AttemptReport[] = []
    const cause = new Error('boom')
    const group = failover([member('odd', [cause]), member('sound', ANSWER)], { onAttempt: (a) => attempts.push(a) })
    await collect(group.stream(REQUEST))
    expect(attempts[0]?.error).toMatchObject({ code: 'malformed', message: 'odd: boom', cause })
  })
})

describe('after the first content', () => {
  it("'fail' throws, and no other member is asked", async () => {
    const next = member('next', ANSWER)
    const group = failover([member('broken', [text('Hel'), failure('truncated')]), next])
    const seen: string[] = []
    const reading = (async () => {
      for await (const piece of textOf(group.stream(REQUEST))) seen.push(piece)
    })()
    await expect(reading).rejects.toMatchObject({ code: 'truncated' })
    expect(seen).toEqual(['Hel'])
    expect(next.requests).toHaveLength(0)
  })

  it("'restart' gives a restart event and a whole new answer", async () => {
    const group = failover([member('broken', [text('Hal'), failure('truncated')]), member('sound', ANSWER)], {
      onBreak: 'restart',
    })
    expect(await eventsOf(group.stream(REQUEST))).toEqual([
      { type: 'start', provider: 'broken', model: 'm' },
      text('Hal'),
      { type: 'restart', from: 'broken', reason: 'truncated', message: 'it says truncated' },
      { type: 'start', provider: 'sound', model: 'm' },
      text('Hel'),
      text('lo'),
      finish,
    ])
    await expect(collect(group.stream(REQUEST))).resolves.toMatchObject({ provider: 'sound', text: 'Hello' })
  })

  it('there is one restart event, before the answer that follows', async () => {
    const members = [
      member('first', [text('Hal'), failure('truncated')]),
      member('second', [failure('overloaded')]),
      member('third', ANSWER),
    ]
    const events = await eventsOf(failover(members, { onBreak: 'restart' }).stream(REQUEST))
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'restart', 'start', 'text', 'text', 'finish'])
  })

  it.each(['restart', 'continue'] as const)(
    "a stream that ends without a finish is broken, under '%s'",
    async (onBreak) => {
      const quiet: Provider = {
        ...member('quiet'),
        async *stream() {
          yield { type: 'start', provider: 'quiet', model: 'm' }
          yield text('Hel')
        },
      }
      const sound = member('sound', onBreak === 'restart' ? ANSWER : [text('lo'), finish])
      const next: Provider = { ...sound, info: { ...sound.info, prefill: true } }
      const group = failover([quiet, next], { onBreak })
      await expect(collect(group.stream(REQUEST))).resolves.toMatchObject({ provider: 'sound', text: 'Hello' })
    },
  )

  it('a text reader does not get two answers mixed', async () => {
    const group = failover([member('broken', [text('Hal'), failure('truncated')]), member('sound', ANSWER)], {
      onBreak: 'restart',
    })
    await expect(Array.fromAsync(textOf(group.stream(REQUEST)))).rejects.toThrow('read the events, or snapshots()')
  })
})

describe('when only one attempt was made', () => {
  it('its own error is thrown: a bad key is auth, and not exhausted', async () => {
    const partial = { provider: 'a', model: 'm', content: [], text: '', toolCalls: [] }
    const error = new ChatError('auth', 'a: HTTP 401', { provider: 'a', status: 401, retryAfterMs: 9, partial })
    await expect(collect(failover([member('a', [error])]).stream(REQUEST))).rejects.toBe(error)
    const once = failover([member('a', [error]), member('b', ANSWER)], { attempts: 1 })
    await expect(collect(once.stream(REQUEST))).rejects.toBe(error)
    await expect(collect(failover([failover([member('a', [error])])]).stream(REQUEST))).rejects.toBe(error)
  })

  it('that of a nested group which made several is its exhausted', async () => {
    const inner = failover([member('a', [failure('auth')]), member('b', [failure('quota')])], { id: 'inner' })
    await expect(collect(failover([inner]).stream(REQUEST))).rejects.toMatchObject({
      code: 'exhausted',
      provider: 'inner',
      attempts: [{ code: 'auth' }, { code: 'quota' }],
    })
  })
})

describe('when several attempts have failed', () => {
  it('throws exhausted, with one error for each attempt in order, readable in one screen', async () => {
    const group = failover([member('a', [failure('auth')]), member('b', [failure('overloaded')])], { id: 'mine' })
    const error = await collect(group.stream(REQUEST)).then(
      () => undefined,
      (caught: unknown) => caught,
    )
    expect(error).toBeInstanceOf(ChatError)
    expect(error).toMatchObject({ code: 'exhausted', attempts: [{ code: 'auth' }, { code: 'overloaded' }] })
    expect((error as Error).message).toMatchInlineSnapshot(`
      "mine: no member answered.
        auth           it says auth
        overloaded     it says overloaded
      Check the API key. Retry in a moment."
    `)
  })
})

describe('the caller', () => {
  it('that aborts is not answered by the next member', async () => {
    const abort = new AbortController()
    const next = member('next', ANSWER)
    const broken = member('broken', [failure('overloaded')])
    const reason = new Error('enough')
    const group = failover([
      { ...broken, stream: (request, call) => (abort.abort(reason), broken.stream(request, call)) },
      next,
    ])
    await expect(collect(group.stream(REQUEST, { signal: abort.signal }))).rejects.toBe(reason)
    expect(next.requests).toHaveLength(0)
  })

  it('that breaks closes the stream of the answering member', async () => {
    const answering = member('answering', ANSWER)
    for await (const event of failover([answering]).stream(REQUEST)) if (event.type === 'text') break
    expect(answering.cancelled).toBe(1)
  })

  it('gets a TypeError at the call when no member can take the request', () => {
    const refusing = (id: string) => ({
      ...member(id),
      stream: () => {
        throw new TypeError(`${id} does not support "tools".`)
      },
    })
    expect(() => failover([refusing('a'), refusing('b')]).stream(REQUEST)).toThrow(TypeError)
    expect(() => failover([refusing('a'), refusing('b')]).stream(REQUEST)).toThrow(
      /a does not support.*\n.*b does not support/,
    )
    const only = failover([refusing('a')])
    expect(() => only.stream(REQUEST)).toThrow('a does not support "tools".')
  })

  it('is answered by the first member that can take the request, first in line or later', async () => {
    const refusing = {
      ...member('refusing'),
      stream: () => {
        throw new TypeError('not supported')
      },
    }
    const first = failover([refusing, member('sound', ANSWER)])
    await expect(collect(first.stream(REQUEST))).resolves.toMatchObject({ provider: 'sound' })
    const later = failover([member('broken', [failure('network')]), refusing, member('sound', ANSWER)])
    await expect(collect(later.stream(REQUEST))).resolves.toMatchObject({ provider: 'sound' })
  })

  it.each([
    [() => failover([]), /at least one provider/],
    [() => failover(member('a') as never), /Did you mean failover\(\[provider\]\)\?/],
    [() => failover([(() => member('a')) as never]), /call it/],
    [() => failover([member('a')], { onbreak: 'fail' } as never), /Did you mean "onBreak"\?/],
    [() => failover([member('a')], { onBreak: 'retry' as never }), /'fail', 'restart' or 'continue'/],
  ])('gets a TypeError that says what would work (%#)', (mistake, words) => {
    expect(mistake).toThrow(TypeError)
    expect(mistake).toThrow(words)
  })
})

describe('whatever members do', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 4 }).map(text) },
    { weight: 1, arbitrary: fc.constantFrom(...CODES).map(failure) },
  )
  const script = fc.array(step, { maxLength: 5 }).map((steps): Script => [...steps, finish])
  const scripts = fc.array(script, { minLength: 1, maxLength: 4 })

  it('there is exactly one finish, last, or exactly one error; a restart separates two answers', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.constantFrom('fail', 'restart'), async (all, onBreak) => {
        const members = all.map((steps, index) => member(`m${index}`, steps))
        const types: string[] = []
        let failed = false
        try {
          for await (const event of failover(members, { onBreak }).stream(REQUEST)) types.push(event.type)
        } catch (error) {
          failed = true
          expect(error).toBeInstanceOf(ChatError)
        }
        const line = types.join(' ')
        if (failed) expect(line).not.toContain('finish')
        else expect(line).toMatch(/^start( text)+( restart start( text)+)* finish$/)
        if (onBreak === 'fail') expect(line).not.toContain('restart')
        // In order, and none twice.
        expect(members.map(({ requests }) => requests.length).join('')).toMatch(/^1+0*$/)
      }),
    )
  })

  it('groups nest, and a group that is exhausted is a member that failed', async () => {
    const inner = failover([member('a', [failure('network')]), member('b', [failure('network')])], { id: 'inner' })
    const group = failover([inner, member('c', ANSWER)])
    await expect(collect(group.stream(REQUEST))).resolves.toMatchObject({ provider: 'c', text: 'Hello' })
  })
})

it('says about itself what its members can', () => {
  const { info } = failover([member('a'), member('b')])
  expect(info).toMatchObject({ name: 'Failover of a, b', models: [{ id: 'm' }], streaming: true })
})

it.each([1, 2])('chat() asks a member that is alone again, and each of several once (%i)', async (count) => {
  const members = Array.from({ length: count }, (_, index) => member(`m${index}`, [failure('overloaded')]))
  const asked = chat(failover(members), { retry: { backoffMs: 0 } }).complete('Hello')
  await expect(asked).rejects.toMatchObject({ retryable: true })
  expect(members.map(({ requests }) => requests.length)).toEqual(count === 1 ? [3] : [1, 1])
})
