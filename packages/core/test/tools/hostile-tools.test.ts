import { describe, expect, test } from 'vitest'
import type { ChatEvent, Message } from '../../src/chat.ts'
import { settings } from '../../src/check/settings.ts'
import { callsOf } from '../../src/dialect/parts.ts'
import { ChatError } from '../../src/errors.ts'
import type { Provider } from '../../src/provider.ts'
import { toReadableStream } from '../../src/web/to-readable-stream.ts'
import { runTools } from '../../src/tools/run-tools.ts'
import type { RunnableTool } from '../../src/tools/tool.ts'
import { eventLoopTurn } from '../support/event-loop-turn.ts'
import { info, rejection } from '../support/providers.ts'

type Round = readonly ChatEvent[] | 'silence'

const calls = (count: number): ChatEvent[] =>
  Array.from({ length: count }, (_, at) => ({ type: 'tool-call', id: `c${at}`, name: 'f' }))
const finish = (reason: 'stop' | 'tool-calls' | 'length' = 'stop'): ChatEvent => ({ type: 'finish', reason })
const said = (text: string): ChatEvent => ({ type: 'text', text })

/** A provider that answers round by round, and reports when the answer that is silent is closed. */
function model(...rounds: Round[]): Provider & { asked: (readonly Message[])[]; closed: Promise<void> } {
  const asked: (readonly Message[])[] = []
  const { promise: closed, resolve } = Promise.withResolvers<undefined>()
  const stream: Provider['stream'] = ({ messages, model: name }) => {
    const round = rounds[asked.length] ?? [finish()]
    asked.push(messages)
    const events = round === 'silence' ? [] : [...round]
    events.unshift({ type: 'start', provider: 'local', model: name })
    const next = (): Promise<IteratorResult<ChatEvent>> => {
      const value = events.shift()
      if (value !== undefined) return Promise.resolve({ done: false, value })
      return round === 'silence' ? new Promise(() => undefined) : Promise.resolve({ done: true, value: undefined })
    }
    const close = (): Promise<IteratorResult<ChatEvent>> => {
      resolve(undefined)
      return Promise.resolve({ done: true, value: undefined })
    }
    return { [Symbol.asyncIterator]: () => ({ next, return: close }) }
  }
  return { id: 'local', info: { ...info, settings: settings({ tools: undefined }) }, stream, asked, closed }
}

const question = { model: 'm1', messages: [{ role: 'user' as const, content: 'Hello' }] }
const toolThat = (run: RunnableTool['run']): RunnableTool => ({ name: 'f', parameters: { type: 'object' }, run })

/** A program may reject with anything. */
const rejecting = (reason: unknown): Promise<never> => Promise.reject(reason)

describe('a tool that', () => {
  const circle: Record<string, unknown> = {}
  circle.itself = circle
  test.each<[what: string, run: () => unknown, content: RegExp]>([
    [
      'throws an object without a prototype',
      () => {
        throw Object.create(null)
      },
      /^The tool failed/,
    ],
    [
      'throws an Error whose message throws',
      () => {
        throw Object.defineProperty(new Error(), 'message', {
          get() {
            throw new Error('no')
          },
        })
      },
      /^The tool failed/,
    ],
    ['rejects with a symbol', () => rejecting(Symbol('no')), /^The tool failed: Symbol\(no\)/],
    ['rejects with nothing', () => rejecting(undefined), /^The tool failed/],
    ['returns a circle', () => circle, /^The tool failed/],
    ['returns a bigint', () => 1n, /^The tool failed/],
    ['returns what has no JSON', () => () => undefined, /^done$/],
  ])('%s is reported to the model, also as the second of two calls', async (_what, run, content) => {
    const provider = model([...calls(2), finish('tool-calls')], [said('Sorry.'), finish()])
    const events = await Array.fromAsync(runTools(provider, { request: question, tools: [toolThat(run)] }))
    const results = events.filter((event) => event.type === 'tool-result')
    expect(results.map((result) => typeof result.content === 'string' && content.test(result.content))).toEqual([
      true,
      true,
    ])
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  })
})

describe('a run that is left', () => {
  test.each<[string, (run: AsyncIterable<unknown>) => Promise<unknown>]>([
    [
      'by return() while a read is pending',
      async (run) => {
        const events = run[Symbol.asyncIterator]()
        await events.next()
        const pending = events.next()
        await events.return?.()
        await pending
      },
    ],
    [
      'by a web stream that is cancelled',
      async (run) => {
        const reader = toReadableStream(run as AsyncIterable<ChatEvent>).getReader()
        await reader.read()
        const pending = reader.read()
        await reader.cancel()
        await pending
      },
    ],
  ])('closes its silent answer at once: %s', async (_how, leave) => {
    const provider = model('silence')
    await leave(runTools(provider, { request: question, tools: [toolThat(() => 'ok')] }))
    await provider.closed
  })

  test('aborts its tools', async () => {
    const aborted = Promise.withResolvers<undefined>()
    const tool = toolThat(
      (_input, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted.resolve(undefined)
          })
        }),
    )
    const run = runTools(model([...calls(1), finish('tool-calls')]), { request: question, tools: [tool] })
    const events = run[Symbol.asyncIterator]()
    await events.next()
    await events.next()
    const pending = events.next()
    await eventLoopTurn()
    await events.return?.()
    await aborted.promise
    expect(await pending).toEqual({ done: true, value: undefined })
  })
})

describe('the messages of a run can be sent on', () => {
  /** Every endpoint refuses a call that has no result, and a result that has no call. */
  function expectSendable(messages: readonly Message[]): void {
    const called = messages.flatMap((message) => (message.role === 'assistant' ? callsOf(message) : []))
    const answered = messages.flatMap((message) => (message.role === 'tool' ? [message.toolCallId] : []))
    expect(answered).toEqual(called.map(({ id }) => id))
  }

  test('after the last round', async () => {
    const provider = model([said('I look.'), ...calls(2), finish('tool-calls')])
    const run = runTools(provider, { request: question, tools: [toolThat(() => 'ok')], maxRounds: 1 })
    expect(await rejection(Array.fromAsync(run))).toBeInstanceOf(ChatError)
    expectSendable(run.messages)
    expect(run.messages.at(-1)).toMatchObject({ role: 'assistant', content: 'I look.' })
  })

  test('after an answer that its length limit cut', async () => {
    const provider = model([said('I look.'), ...calls(1), finish('length')])
    const run = runTools(provider, { request: question, tools: [toolThat(() => 'ok')] })
    await Array.fromAsync(run)
    expectSendable(run.messages)
    expect(run.messages.at(-1)).toMatchObject({ role: 'assistant', content: 'I look.' })
  })

  test('after an abort while tools run', async () => {
    const controller = new AbortController()
    let count = 0
    const tool = toolThat(() => {
      if (++count < 2) return 'ok'
      controller.abort('no more')
      return new Promise(() => undefined)
    })
    const provider = model([...calls(2), finish('tool-calls')])
    const run = runTools(provider, { request: question, tools: [tool], signal: controller.signal })
    expect(await rejection(Array.fromAsync(run))).toBe('no more')
    expectSendable(run.messages)
  })

  test('after the reader left between two results', async () => {
    const run = runTools(model([...calls(3), finish('tool-calls')]), {
      request: question,
      tools: [toolThat(() => 'ok')],
    })
    for await (const event of run) if (event.type === 'tool-result') break
    expectSendable(run.messages)
  })

  test('after all of it', async () => {
    const provider = model([said('I look.'), ...calls(2), finish('tool-calls')], [said('Done.'), finish()])
    const run = runTools(provider, { request: question, tools: [toolThat(() => 'ok')] })
    await Array.fromAsync(run)
    expectSendable(run.messages)
    expect(run.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool', 'assistant'])
  })
})

test.each([
  [undefined, 16],
  [3, 3],
])('with maxParallel %s, %s tools of a turn run at once', async (maxParallel, most) => {
  let running = 0
  let seen = 0
  const tool = toolThat(async () => {
    running++
    seen = Math.max(seen, running)
    await eventLoopTurn()
    running--
    return 'ok'
  })
  const provider = model([...calls(200), finish('tool-calls')])
  const options = maxParallel === undefined ? {} : { maxParallel }
  const events = await Array.fromAsync(runTools(provider, { request: question, tools: [tool], ...options }))
  expect(seen).toBe(most)
  expect(events.filter(({ type }) => type === 'tool-result')).toHaveLength(200)
})

test('an unknown tool’s name of any length is shortened in what the model is told', async () => {
  const provider = model([{ type: 'tool-call', id: 'c1', name: 'x'.repeat(100_000) }, finish('tool-calls')], [finish()])
  const events = await Array.fromAsync(runTools(provider, { request: question, tools: [toolThat(() => 'ok')] }))
  const [result] = events.filter((event) => event.type === 'tool-result')
  expect(result?.content.length).toBeLessThan(300)
})

test('a provider that is not ours cannot end a run without a finish', async () => {
  const provider = model([said('half')])
  const run = runTools(provider, { request: question, tools: [toolThat(() => 'ok')] })
  expect(await rejection(Array.fromAsync(run))).toMatchObject({ code: 'truncated' })
})
