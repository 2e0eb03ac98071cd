import { describe, expect, test } from 'vitest'
import type { ChatEvent, Message } from '../../src/chat.ts'
import type { Provider } from '../../src/provider.ts'
import { runTools, type RunToolsOptions } from '../../src/tools/run-tools.ts'
import { chatStream } from '../../src/stream.ts'
import { hello, info } from '../support/providers.ts'

const finish = (reason: 'stop' | 'tool-calls'): ChatEvent => ({ type: 'finish', reason })

/** A model that calls `f` that often in its first answer, which comes in one read. */
function calling(count: number): Provider & { asked: (readonly Message[])[] } {
  const asked: (readonly Message[])[] = []
  const stream: Provider['stream'] = ({ messages }, call) => {
    const start: ChatEvent = { type: 'start', provider: 'local', model: 'm1' }
    const calls = Array.from({ length: count }, (_, at): ChatEvent => ({ type: 'tool-call', id: `c${at}`, name: 'f' }))
    const reads = [asked.push(messages) > 1 ? [start, finish('stop')] : [start, ...calls, finish('tool-calls')]]
    return chatStream(call?.signal, () => ({
      next: () => {
        const value = reads.shift()
        return Promise.resolve(value === undefined ? DONE : { done: false, value })
      },
      close: () => undefined,
    }))
  }
  return { id: 'local', info, stream, asked }
}

const DONE = { done: true, value: undefined } as const

const unlooked = new Proxy(new Error(), {
  getPrototypeOf() {
    throw new Error('hands off')
  },
})

describe('a tool that throws', () => {
  test.each<[what: string, thrown: unknown]>([
    ['an Error whose message is an object without a text', Object.assign(new Error(), { message: { toString: null } })],
    ['an Error whose message is a symbol', Object.assign(new Error(), { message: Symbol('no') })],
    ['what refuses to be looked at', unlooked],
  ])('%s is reported to the model, as each of two calls', async (_what, thrown) => {
    const tools = [
      {
        name: 'f',
        run: () => {
          throw thrown
        },
      },
    ]
    const results: unknown[] = []
    // The runner fails on an unhandled rejection.
    for await (const event of runTools(calling(2), { request: hello, tools })) {
      if (event.type === 'tool-result') results.push(event.content)
    }
    expect(results).toEqual([expect.stringMatching(/^The tool failed/), expect.stringMatching(/^The tool failed/)])
  })
})

test('an answer may have more calls than a function takes as arguments', async () => {
  const count = 150_000
  const model = calling(count)
  let results = 0
  const run = runTools(model, { request: hello, tools: [{ name: 'f', run: () => 'done' }] })
  for await (const event of run) if (event.type === 'tool-result') results++
  expect([results, model.asked[1]?.length]).toEqual([count, count + 2])
})

test.each<[what: string, options: unknown, message: RegExp]>([
  ['no options', undefined, /runTools: options/],
  ['no request', { tools: [] }, /request with messages/],
  ['a request without messages', { request: { model: 'm1' }, tools: [] }, /request with messages/],
  ['a tool that is null', { request: hello, tools: [null] }, /tools\[0\] must be a tool/],
  ['a tool without a name', { request: hello, tools: [{ run: () => 1 }] }, /tools\[0\]\.name/],
])('a run with %s is refused at the call, with what would be right', (_what, options, message) => {
  expect(() => runTools(calling(1), options as RunToolsOptions)).toThrow(message)
})

test('a run of what is not a provider is refused at the call', () => {
  const nothing = { id: 'local', info } as unknown as Provider
  expect(() => runTools(nothing, { request: hello, tools: [] })).toThrow(/runTools: the provider/)
})
