import { describe, expect, test } from 'vitest'
import { ManualClock } from '../src/async/manual-clock.ts'
import type { ChatEvent } from '../src/chat.ts'
import { ChatError } from '../src/errors.ts'
import { bearer } from '../src/http/authorization.ts'
import { observe } from '../src/layers/observe.ts'
import { recordExchanges } from '../src/layers/record-exchanges.ts'
import { retry } from '../src/layers/retry.ts'
import { pipe } from '../src/provider.ts'
import { collect } from '../src/reading/collect.ts'
import { estimateUsage } from '../src/reading/estimate.ts'
import type { Transport } from '../src/transport.ts'
import { END, text } from './support/plain.ts'
import { acme, eventsOf, failure, hello, local, rejection, start, textEvent, transports } from './support/providers.ts'
import { closed, serve, serveBytes } from './support/servers.ts'

/** A value at which nobody may look. */
const untouchable = (): object =>
  new Proxy(
    {},
    {
      get: fail,
      has: fail,
      getPrototypeOf: fail,
      ownKeys: fail,
      getOwnPropertyDescriptor: fail,
    },
  )

function fail(): never {
  throw new Error('hands off')
}

/** What a function of the caller may do instead of what it should. The runner fails on an unhandled rejection. */
const misdeeds: [what: string, act: () => unknown][] = [
  ['throws an Error', fail],
  [
    'throws an object without a prototype',
    () => {
      throw Object.create(null)
    },
  ],
  ['rejects', () => Promise.reject(new Error('no'))],
  ['never settles', () => new Promise(() => undefined)],
  ['returns a thenable that throws', () => ({ then: fail })],
  ['returns what refuses to be looked at', untouchable],
]

describe.each(misdeeds)('an observer that %s changes nothing', (_what, act) => {
  // Callbacks are typed to return nothing; a program in JavaScript may return anything.
  const hook = act as () => undefined

  test.each(transports)('of a call, over %s', async (_name, open) => {
    const server = await serve((response) => response.end(text('all') + END))
    const provider = acme(server.url, { transport: open() })
    const call = { onConnecting: hook, onConnect: hook, onExchange: hook }
    expect(await collect(provider.stream(hello, call))).toMatchObject({ text: 'all', reason: 'stop' })
  })

  test('of a layer', async () => {
    let calls = 0
    const provider = local(async function* () {
      if (calls++ === 0) throw new ChatError('overloaded', 'busy')
      yield* [start, textEvent('all'), { type: 'finish', reason: 'stop' } satisfies ChatEvent]
    })
    const layered = pipe(
      provider,
      retry({ backoffMs: 0, onRetry: hook }),
      observe({ onEnd: hook, onEvent: hook }),
      estimateUsage({ countTokens: hook as unknown as () => number }),
    )
    const result = await collect(layered.stream(hello))
    expect(result).toMatchObject({ text: 'all', reason: 'stop' })
    expect(result).not.toHaveProperty('usage')
  })

  test('of a login', async () => {
    const server = await serve((response) => response.writeHead(401).end())
    const authorize = () => ({ ...bearer('a-secret-key'), onRefused: hook })
    await failure(collect(acme(server.url, {}, { authorize }).stream(hello)), 'auth')
  })
})

describe.each(misdeeds)('a login that %s', (what, act) => {
  test('is an auth failure, or ends with the caller’s abort', async () => {
    const server = await serve((response) => response.end(text('all') + END))
    const controller = new AbortController()
    const authorize = act as () => ReturnType<typeof bearer>
    const reading = rejection(collect(acme(server.url, {}, { authorize }).stream(hello, { signal: controller.signal })))
    if (what === 'never settles') controller.abort('no more')
    const reason = await reading
    if (what === 'never settles') expect(reason).toBe('no more')
    else expect(reason).toMatchObject({ code: 'auth' })
    expect(server.requests).toHaveLength(0)
  })
})

describe.each(misdeeds)('a transport that %s', (what, act) => {
  const transport = act as unknown as Transport
  test('is a failure at once, or ends with the caller’s abort', async () => {
    const controller = new AbortController()
    const provider = acme('http://127.0.0.1', { transport })
    const reading = rejection(collect(provider.stream(hello, { signal: controller.signal })))
    if (what === 'never settles') controller.abort('no more')
    const reason = await reading
    if (what === 'never settles') expect(reason).toBe('no more')
    else if (what.startsWith('returns')) expect(reason).toBeInstanceOf(Error)
    else expect(reason).toMatchObject({ code: 'network' })
  })

  test('a body whose iterator does, in next() or return(), can neither hang its reader nor end the process', async () => {
    const bytes = [Buffer.from(text('all'))]
    const next = act as () => Promise<IteratorResult<Uint8Array>>
    const body = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const value = bytes.shift()
          return value === undefined ? next() : Promise.resolve({ done: false as const, value })
        },
        return: next,
      }),
    }
    const controller = new AbortController()
    const through: Transport = () => Promise.resolve({ status: 200, headers: {}, body })
    const events: ChatEvent[] = []
    const stream = acme('http://127.0.0.1', { transport: through }).stream(hello, { signal: controller.signal })
    const reading = (async () => {
      for await (const event of stream) {
        events.push(event)
        if (event.type === 'text' && what === 'never settles') controller.abort('no more')
      }
    })()
    const reason = await rejection(reading)
    if (what === 'never settles') expect(reason).toBe('no more')
    expect(events.filter(({ type }) => type === 'text')).toHaveLength(1)
  })
})

const reasons: [what: string, reason: unknown][] = [
  ['a frozen ChatError', Object.freeze(new ChatError('overloaded', 'shutting down'))],
  ['a frozen object', Object.freeze({ why: 'no more' })],
  ['an object without a prototype', Object.create(null)],
  ['what refuses to be looked at', untouchable()],
  ['an Error whose message throws', Object.defineProperty(new Error(), 'message', { get: fail })],
  ['a symbol', Symbol('no more')],
  ['a function', () => undefined],
  ['null', null],
]

describe.each(reasons)('an abort with %s', (_what, reason) => {
  test.each(transports)('rejects with it and closes the connection, over %s', async (_name, open) => {
    const server = await serve((response) => response.write(text('half')))
    const controller = new AbortController()
    const layered = pipe(
      acme(server.url, { transport: open() }),
      observe({}),
      retry(),
      estimateUsage({ countTokens: () => 1 }),
    )
    const reading = (async () => {
      for await (const event of layered.stream(hello, { signal: controller.signal }))
        if (event.type === 'text') controller.abort(reason)
    })()
    // Only its identity may be looked at: a promise that resolved with it would look for a `then`.
    expect(await reading.catch((caught: unknown) => Object.is(caught, reason))).toBe(true)
    await closed(server.sockets[0])
  })
})

test('a clock whose time stands still, and one that jumps, hold nobody up', async () => {
  const server = await serveBytes((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n' + text('half')))
  const controller = new AbortController()
  const still = new ManualClock()
  const reading = rejection(
    collect(acme(server.url, { deadlines: { clock: still } }).stream(hello, { signal: controller.signal })),
  )
  controller.abort('no more')
  expect(await reading).toBe('no more')
})

test('a recording that cannot be saved is a failure of the stream, and never ends the process', async () => {
  const server = await serve((response) => response.end(text('all') + END))
  const layered = pipe(acme(server.url), recordExchanges({ to: fail }))
  expect(await rejection(eventsOf(layered.stream(hello)))).toMatchObject({ message: 'hands off' })
})
