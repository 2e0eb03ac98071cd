import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ChatEvent, ChatRequest, Usage } from '../../src/chat.ts'
import { settings } from '../../src/check/settings.ts'
import { checkRequest } from '../../src/check/check-request.ts'
import type { Provider } from '../../src/provider.ts'
import { runTools, type RunToolsOptions } from '../../src/tools/run-tools.ts'
import type { ToolRunEvent } from '../../src/tools/tool-rounds.ts'
import type { StandardSchema } from '../../src/tools/standard-schema.ts'
import { type RunnableTool, tool, toolContent } from '../../src/tools/tool.ts'
import { info, rejection } from '../support/providers.ts'

const usage: Usage = { inputTokens: 10, outputTokens: 5, source: 'reported' }
const calling = (...calls: [id: string, name: string, json: string][]): ChatEvent[] => [
  ...calls.flatMap(([id, name, json]): ChatEvent[] => [
    { type: 'tool-call', id, name },
    { type: 'tool-input', id, text: json },
  ]),
  { type: 'finish', reason: 'tool-calls', usage },
]
const saying = (text: string): ChatEvent[] => [
  { type: 'text', text },
  { type: 'finish', reason: 'stop', usage },
]

/** A provider that plays one script per request, and records the requests. */
function model(...scripts: ChatEvent[][]): Provider & { asked: ChatRequest[] } {
  const asked: ChatRequest[] = []
  const withTools = { ...info, settings: settings({ tools: undefined }) }
  return {
    id: 'acme',
    info: withTools,
    asked,
    stream(request) {
      const { request: checked } = checkRequest(withTools, request, 'reject')
      return (async function* (): AsyncGenerator<ChatEvent> {
        const script = scripts[asked.length] ?? scripts.at(-1) ?? []
        asked.push(checked)
        yield { type: 'start', provider: 'acme', model: checked.model }
        yield* script
      })()
    },
  }
}

const question = { model: 'm1', messages: [{ role: 'user' as const, content: 'How warm is it in Ulm?' }] }
const weather = tool<{ city: string }>({
  name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  run: ({ city }) => ({ city, degrees: 21 }),
})
const eventsOf = (run: AsyncIterable<ToolRunEvent>): Promise<ToolRunEvent[]> => Array.fromAsync(run)
const results = (events: readonly ToolRunEvent[]) => events.filter((event) => event.type === 'tool-result')

test('tools are run, their results are sent back, and the answer follows; everything is an event', async () => {
  const provider = model(calling(['c1', 'weather', '{"city":"Ulm"}']), saying('21 degrees.'))
  const run = runTools(provider, { request: question, tools: [weather] })
  const events = await eventsOf(run)
  expect(events.map(({ type }) => type)).toEqual([
    ...['start', 'tool-call', 'tool-input', 'tool-result'],
    ...['start', 'text', 'finish'],
  ])
  expect(results(events)).toEqual([
    { type: 'tool-result', id: 'c1', name: 'weather', content: '{"city":"Ulm","degrees":21}', isError: false },
  ])
  // The usage is the sum of all rounds.
  expect(events.at(-1)).toMatchObject({ usage: { inputTokens: 20, outputTokens: 10, source: 'reported' } })
  expect(provider.asked[1]?.messages.slice(1)).toEqual([
    {
      role: 'assistant',
      content: [{ type: 'tool-call', id: 'c1', name: 'weather', input: '{"city":"Ulm"}' }],
      origin: { provider: 'acme', model: 'm1' },
    },
    { role: 'tool', toolCallId: 'c1', content: '{"city":"Ulm","degrees":21}' },
  ])
  expect(run.messages.at(-1)).toMatchObject({ role: 'assistant', content: '21 degrees.' })
  // The caller's own conversation is unchanged.
  expect(question.messages).toHaveLength(1)
})

test('the calls of one turn run concurrently, and their results keep the order of the calls', async () => {
  const running = new Set<string>()
  const { promise: both, resolve } = Promise.withResolvers<undefined>()
  const waiting = tool<{ city: string }>({
    name: 'weather',
    run: async ({ city }) => {
      running.add(city)
      if (running.size === 2) resolve(undefined)
      await both
      return city
    },
  })
  const calls = calling(['c1', 'weather', '{"city":"Ulm"}'], ['c2', 'weather', '{"city":"Bonn"}'])
  const events = await eventsOf(runTools(model(calls, saying('Done.')), { request: question, tools: [waiting] }))
  expect(results(events).map((event) => event.content)).toEqual(['Ulm', 'Bonn'])
})

describe('a failure is reported to the model, which may correct its call', () => {
  const failing = tool({ name: 'fails', run: () => Promise.reject(new Error('no such city')) })
  const even: StandardSchema<{ n: number }> = {
    '~standard': {
      validate: (value) => {
        const { n } = value as { n: number }
        return n % 2 === 0 ? { value: { n } } : { issues: [{ message: 'must be even', path: ['n'] }] }
      },
    },
  }
  const half = tool({ name: 'half', parameters: { type: 'object' }, schema: even, run: ({ n }) => String(n / 2) })
  test.each<[string, RunnableTool, string, string]>([
    ['a tool that throws', failing, '{}', 'The tool failed: no such city'],
    ['arguments that are not JSON', weather, 'Ulm', 'Invalid arguments: they are not JSON.'],
    ['arguments that are not an object', weather, '["Ulm"]', 'Invalid arguments: they must be an object.'],
    ['a missing argument', weather, '{}', 'Invalid arguments: missing: city.'],
    ['an argument of another type', weather, '{"city":5}', 'Invalid arguments: city must be of type string.'],
    ["arguments that the caller's schema refuses", half, '{"n":3}', 'Invalid arguments: n: must be even.'],
  ])('%s', async (_what, failingTool, json, content) => {
    const provider = model(calling(['c1', failingTool.name, json]), saying('Sorry.'))
    const events = await eventsOf(runTools(provider, { request: question, tools: [failingTool] }))
    expect(results(events)).toMatchObject([{ content, isError: true }])
    expect(provider.asked[1]?.messages.at(-1)).toMatchObject({ role: 'tool', content, isError: true })
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  })

  test('an unknown tool', async () => {
    const provider = model(calling(['c1', 'wether', '{}']), saying('Sorry.'))
    const events = await eventsOf(runTools(provider, { request: question, tools: [weather] }))
    expect(results(events)).toMatchObject([{ content: expect.stringContaining('Did you mean "weather"?') as string }])
  })

  test('a tool gets the output of its schema', async () => {
    const provider = model(calling(['c1', 'half', '{"n":4}']), saying('2'))
    const events = await eventsOf(runTools(provider, { request: question, tools: [half] }))
    expect(results(events)).toMatchObject([{ content: '2', isError: false }])
  })
})

describe('a tool whose input is a text', () => {
  const patch = tool({ type: 'text', name: 'patch', run: (text) => text.toUpperCase() })
  const turn: ChatEvent[] = [
    { type: 'tool-call', id: 'c1', name: 'patch', format: 'text' },
    { type: 'tool-input', id: 'c1', text: '*** a\n' },
    { type: 'tool-input', id: 'c1', text: '{"' },
    { type: 'finish', reason: 'tool-calls' },
  ]

  test('gets the text as it is, which need not be JSON', async () => {
    const provider = model(turn, saying('Done.'))
    const events = await eventsOf(runTools(provider, { request: question, tools: [patch] }))
    expect(results(events)).toMatchObject([{ content: '*** A\n{"', isError: false }])
    expect(provider.asked[0]?.tools).toEqual([{ type: 'text', name: 'patch' }])
    expect(provider.asked[1]?.messages.at(-2)).toMatchObject({
      content: [{ type: 'tool-call', id: 'c1', name: 'patch', format: 'text', input: '*** a\n{"' }],
    })
  })

  test('may check it with a schema', async () => {
    const schema: StandardSchema<number> = {
      '~standard': {
        validate: (value) => (value === '***' ? { value: 3 } : { issues: [{ message: 'must be three stars' }] }),
      },
    }
    const counted = tool({ type: 'text', name: 'patch', schema, run: (stars) => String(stars + 1) })
    const events = await eventsOf(runTools(model(turn, saying('Sorry.')), { request: question, tools: [counted] }))
    expect(results(events)).toMatchObject([{ content: 'Invalid arguments: must be three stars.', isError: true }])
  })
})

test('a result with images and documents is sent as parts', async () => {
  const parts = [
    { type: 'text', text: 'The page:' },
    { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
  ] as const
  const look = tool({ name: 'look', run: () => toolContent(parts) })
  const provider = model(calling(['c1', 'look', '{}']), saying('I see.'))
  const events = await eventsOf(runTools(provider, { request: question, tools: [look] }))
  expect(results(events)).toMatchObject([{ content: parts, isError: false }])
  expect(provider.asked[1]?.messages.at(-1)).toEqual({ role: 'tool', toolCallId: 'c1', content: parts })
})

describe('a run ends', () => {
  test('with an error when the model still calls tools in the last round, whose tools are not run', async () => {
    let runs = 0
    const counting = tool({ name: 'again', run: () => String(++runs) })
    const provider = model(calling(['c1', 'again', '{}']))
    const run = runTools(provider, { request: question, tools: [counting], maxRounds: 3 })
    await expect(eventsOf(run)).rejects.toMatchObject({
      code: 'exhausted',
      message: expect.stringContaining('round 3 (maxRounds)') as string,
    })
    expect([provider.asked.length, runs]).toEqual([3, 2])
  })

  test('at an answer that was cut at its length limit, whose calls may be incomplete', async () => {
    const cut: ChatEvent[] = [...calling(['c1', 'weather', '{"ci']).slice(0, -1), { type: 'finish', reason: 'length' }]
    const events = await eventsOf(runTools(model(cut), { request: question, tools: [weather] }))
    expect(results(events)).toEqual([])
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'length' })
  })

  test("with the caller's reason on an abort, even if a tool ignores the signal", async () => {
    const abort = new AbortController()
    const reason = new Error('enough')
    const hanging = tool({
      name: 'hanging',
      run: () => {
        queueMicrotask(() => {
          abort.abort(reason)
        })
        return new Promise(() => undefined)
      },
    })
    const run = runTools(model(calling(['c1', 'hanging', '{}'])), {
      request: question,
      tools: [hanging],
      signal: abort.signal,
    })
    expect(await rejection(eventsOf(run))).toBe(reason)
  })

  test('and leaves no listener on the caller’s signal, which may live as long as the process', async () => {
    const { signal } = new AbortController()
    const provider = model(calling(['c1', 'weather', '{"city":"Ulm"}']), saying('21 degrees.'))
    await eventsOf(runTools(provider, { request: question, tools: [weather], signal }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('for its tools too when its reader closes it', async () => {
    const { promise: aborted, resolve } = Promise.withResolvers<unknown>()
    const [one, two] = ['one', 'two'].map((name) =>
      tool({
        name,
        run: (_, { signal }) => {
          if (name === 'one') return 'quick'
          signal.addEventListener('abort', resolve)
          return new Promise(() => undefined)
        },
      }),
    )
    const provider = model(calling(['c1', 'one', '{}'], ['c2', 'two', '{}']))
    const tools = [one, two].filter((made) => made !== undefined)
    for await (const event of runTools(provider, { request: question, tools })) if (event.type === 'tool-result') break
    await aborted
  })
})

test('a mistake is a TypeError at the call, and nothing is sent', () => {
  const provider = model(saying('Hello'))
  const options = { request: question, tools: [weather] }
  expect(() => runTools(provider, { ...options, maxRound: 3 } as never)).toThrow(/Did you mean "maxRounds"\?/)
  expect(() => runTools(provider, { ...options, maxRounds: 0 })).toThrow(TypeError)
  expect(() => runTools(provider, { ...options, tools: [weather, weather] })).toThrow('two tools are named "weather"')
  expect(() => runTools(provider, { ...options, tools: [{ name: 'x' } as never] })).toThrow('has no run function')
  expect(() => runTools(provider, { ...options, request: { ...question, messages: [] } })).toThrow('messages is empty')
  expect(provider.asked).toEqual([])
})

test('a schema that converts to JSON Schema is sent to the model, unless there are parameters', async () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
  const schema = {
    '~standard': {
      validate: (value: unknown) => ({ value: value as { city: string } }),
      jsonSchema: { input: ({ target }: { target: string }) => ({ ...parameters, $schema: target }) },
    },
  }
  const run = ({ city }: { city: string }): string => city
  const provider = model(saying('a'), saying('b'))
  const toolsSent = async (...tools: RunToolsOptions['tools']): Promise<unknown> => {
    await eventsOf(runTools(provider, { request: question, tools }))
    return provider.asked.at(-1)?.tools
  }
  expect(await toolsSent(tool({ name: 'weather', schema, run }))).toEqual([
    { name: 'weather', parameters: { ...parameters, $schema: 'draft-2020-12' } },
  ])
  expect(await toolsSent(tool({ name: 'weather', schema, parameters: { type: 'object' }, run }))).toEqual([
    { name: 'weather', parameters: { type: 'object' } },
  ])
})

test('a request as it came over the wire is not passed on: it has neither the tools nor the turns of the run', async () => {
  const provider = model(calling(['c1', 'weather', '{"city":"Ulm"}']), saying('21 degrees.'))
  const native = { dialect: 'openai-chat', text: '{}', body: {}, headers: {}, unnamed: [] }
  await eventsOf(runTools(provider, { request: { ...question, native }, tools: [weather] }))
  expect(provider.asked.map((request) => request.native)).toEqual([undefined, undefined])
})
