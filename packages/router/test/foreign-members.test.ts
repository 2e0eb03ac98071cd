import {
  ChatError,
  type ChatEvent,
  type ChatRequest,
  deadlines,
  type Layer,
  observe,
  partialOf,
  pipe,
  type Provider,
  retry,
} from '@rivulet/core'
import { describe, expect, it } from 'vitest'
import { balance, circuitBreaker, failover, type GroupOptions, hedge, route } from '../src/index.ts'
import { deaf, HOSTILITIES, hostile, sound } from './support/hostile.ts'
import { finish, member, REQUEST, text } from './support/members.ts'

type Group = (members: readonly Provider[], options?: GroupOptions) => Provider

const GROUPS: Readonly<Record<string, Group>> = {
  failover,
  'hedge at once': (members, options) => hedge(members, { afterMs: 1, ...options }),
  'hedge after a percentile': (members, options) => hedge(members, { afterPercentile: 95, ...options }),
  'balance in turns': (members, options) => balance(members, { by: 'round-robin', ...options }),
  'balance by weight': (members, options) =>
    balance(members, { by: 'weight', weights: members.map(() => 1), ...options }),
  'balance by chance': (members, options) => balance(members, { by: 'random', random: () => 0, ...options }),
  'balance by latency': (members, options) => balance(members, { by: 'latency', random: () => 0, ...options }),
  'balance by a policy': (members, options) => balance(members, { by: { choose: ({ first }) => first }, ...options }),
  route: (members, options) => route({ m: members }, options),
  'a group with breakers': (members, options) => failover(members, { breaker: {}, ...options }),
  'a group with a limit of time': (members, options) => failover(members, { totalMs: 60_000, ...options }),
  'a group of groups': (members, options) => failover([failover(members, options)], options),
  'a group under retry()': (members, options) => pipe(failover(members, options), retry({ attempts: 1 })),
  'a group under deadlines()': (members, options) => pipe(failover(members, options), deadlines()),
  'a group under observe({})': (members, options) => pipe(failover(members, options), observe({})),
}

const LAYERS: Readonly<Record<string, () => Layer>> = {
  circuitBreaker: () => circuitBreaker(),
  retry: () => retry({ attempts: 1 }),
  deadlines: () => deadlines(),
  observe: () => observe({}),
}

interface Outcome {
  events: ChatEvent[]
  text: string
  error: unknown
}

async function read(provider: Provider, signal?: AbortSignal): Promise<Outcome> {
  const outcome: Outcome = { events: [], text: '', error: undefined }
  try {
    for await (const event of provider.stream(REQUEST, { signal })) {
      outcome.events.push(event)
      if (event.type === 'restart') outcome.text = ''
      if (event.type === 'text') outcome.text += event.text
    }
  } catch (error) {
    outcome.error = error
  }
  return outcome
}

const finishes = ({ events }: Outcome): number => events.filter(({ type }) => type === 'finish').length

describe.each(Object.entries(GROUPS))('%s', (_, group) => {
  it.each(HOSTILITIES)('gives a whole answer or an error of a member that $name', async (hostility) => {
    for (const onBreak of ['fail', 'restart', 'continue'] as const) {
      const outcome = await read(group([hostile(hostility), sound()], { onBreak }))
      const { error, events } = outcome
      // Nothing is left to continue of a text that is whole: that ends as the break.
      const fails = onBreak === 'fail' || (onBreak === 'continue' && hostility.gives === 'a whole answer')
      if (hostility.gives !== 'nothing' && fails) {
        expect(error).toBeInstanceOf(ChatError)
        expect(error).toMatchObject({ code: hostility.code })
        expect([partialOf(error)?.text, finishes(outcome)]).toEqual([hostility.gives === 'a part' ? 'Hel' : 'Hello', 0])
      } else {
        expect(error).toBeUndefined()
        expect([outcome.text, finishes(outcome), events.at(-1)?.type]).toEqual(['Hello', 1, 'finish'])
        if (hostility.gives === 'nothing') expect(events[0]).toMatchObject({ provider: 'sound' })
      }
    }
  })

  it.each(HOSTILITIES)('tells what it was when its only member $name', async (hostility) => {
    const { error } = await read(group([hostile(hostility)]))
    expect(error).toBeInstanceOf(ChatError)
    expect(error).toMatchObject({ code: hostility.code })
  })

  it.each([
    ['gives nothing', []],
    ['falls silent after some text', [{ type: 'start', provider: 'deaf', model: 'm' } as const, text('Hel')]],
  ])('gives an abort at once, of a member that is deaf and %s', async (_words, events) => {
    for (const onBreak of ['fail', 'restart', 'continue'] as const) {
      const abort = new AbortController()
      const reason = new Error('enough')
      const reading = read(group([deaf(events)], { onBreak }), abort.signal)
      setImmediate(() => {
        abort.abort(reason)
      })
      const { error } = await reading
      expect(error).toBe(reason)
    }
  })
})

describe.each(Object.entries(LAYERS))('%s()', (_, layer) => {
  it.each(HOSTILITIES)('in a group, makes no answer of a member that $name', async (hostility) => {
    const outcome = await read(failover([pipe(hostile(hostility), layer()), sound()]))
    if (hostility.gives === 'nothing') {
      expect([outcome.error, outcome.text, finishes(outcome)]).toEqual([undefined, 'Hello', 1])
    } else {
      expect(outcome.error).toBeInstanceOf(ChatError)
      expect(outcome.error).toMatchObject({ code: hostility.code })
    }
  })
})

it.each(Object.entries(GROUPS))('%s gives the answer of a member that fails after its end', async (_, group) => {
  const failing = { ...member('a'), stream: failingAfterItsEnd }
  const { error, text: whole } = await read(group([failing]))
  expect([error, whole]).toEqual([undefined, 'Hello'])
})

async function* failingAfterItsEnd(): AsyncGenerator<ChatEvent> {
  yield* [{ type: 'start', provider: 'a', model: 'm' } satisfies ChatEvent, text('Hello'), finish]
  await Promise.reject(new Error('boom'))
}

it('a member whose stream() is an async function that rejects is passed over, and ends no process', async () => {
  const rejecting: Provider = { ...member('odd'), stream: (() => Promise.reject(new Error('boom'))) as never }
  const odd = [rejecting, pipe(rejecting, circuitBreaker())]
  for (const options of [{}, { totalMs: 60_000 }, { breaker: {} }]) {
    expect((await read(failover([...odd, sound()], options))).text).toBe('Hello')
  }
  await new Promise(setImmediate)
})

it('two callers, whose streams fail with one error, are told their own part each', async () => {
  const error = new ChatError('overloaded', 'no')
  const saying = (words: string) => failover([member('a', [text(words), error])])
  const outcomes = [await read(saying('mine')), await read(saying('yours'))]
  expect(outcomes.map((outcome) => partialOf(outcome.error)?.text)).toEqual(['mine', 'yours'])
})

describe('an abort is not held', () => {
  const reason = new Error('enough')
  it.each([
    [
      'embed() of a group',
      (signal: AbortSignal) => failover([deaf()]).embed?.({ model: 'm', input: ['x'] }, { signal }),
    ],
    ['models() of a group', (signal: AbortSignal) => failover([deaf()]).models?.({ signal })],
    [
      'embed() of a breaker',
      (signal: AbortSignal) => pipe(deaf(), circuitBreaker()).embed?.({ model: 'm', input: ['x'] }, { signal }),
    ],
    ['models() of a breaker', (signal: AbortSignal) => pipe(deaf(), circuitBreaker()).models?.({ signal })],
  ])('by a deaf member, in %s', async (_, ask) => {
    const abort = new AbortController()
    const asked = expect(ask(abort.signal)).rejects.toBe(reason)
    abort.abort(reason)
    await asked
  })

  it('by a member that throws its own error after it', async () => {
    const abort = new AbortController()
    const grumbling: Provider = {
      ...member('grumbling'),
      async *stream(_request, call) {
        yield text('Hel')
        await new Promise((_resolve, reject) => {
          call?.signal?.addEventListener('abort', () => {
            reject(new Error('grumble'))
          })
        })
      },
    }
    const reading = read(failover([grumbling], { onBreak: 'restart' }), abort.signal)
    setImmediate(() => {
      abort.abort(reason)
    })
    expect((await reading).error).toBe(reason)
  })
})

describe('the request is read at the call', () => {
  const turn = { role: 'assistant', content: '' } as const
  const changeable = (): ChatRequest & { messages: ChatRequest['messages'][number][] } => ({
    model: 'm',
    messages: [{ role: 'user', content: 'Hello' }],
  })

  it.each(Object.entries(GROUPS))('by %s, also for members that are asked later', async (_, group) => {
    const down = member('down', [new ChatError('network', 'down')])
    const up = member('up', [text('Hello'), finish])
    const request = changeable()
    const stream = group([down, up]).stream(request)
    request.messages.push(turn)
    request.model = 'other'
    await Array.fromAsync(stream)
    for (const { requests } of [down, up]) for (const asked of requests) expect(asked).toEqual(changeable())
    expect(up.requests).toHaveLength(1)
  })

  it('by embed()', async () => {
    const asked: unknown[] = []
    const embedding = (fails: boolean): Provider => ({
      ...member('a'),
      embed: async ({ input }) => {
        await Promise.resolve()
        asked.push([...input])
        if (fails) throw new ChatError('network', 'down')
        return { vectors: input.map(() => [1]) }
      },
    })
    const input = ['one']
    const vectors = failover([embedding(true), embedding(false)]).embed?.({ model: 'm', input })
    input.push('two')
    await expect(vectors).resolves.toEqual({ vectors: [[1]] })
    expect(asked).toEqual([['one'], ['one']])
  })
})
