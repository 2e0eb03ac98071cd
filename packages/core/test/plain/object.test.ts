import { describe, expect, expectTypeOf, test } from 'vitest'
import type { ChatResult } from '../../src/chat.ts'
import { chat } from '../../src/plain/chat.ts'
import type { StandardSchema } from '../../src/tools/standard-schema.ts'
import { tool } from '../../src/tools/tool.ts'
import { failure, finish, rejection, start, textEvent } from '../support/providers.ts'
import { breaks, read, says, scripted, type Script } from './support.ts'

const plain = (provider: ReturnType<typeof scripted>) => chat(provider, { retry: { backoffMs: 0 } })

interface City {
  city: string
}

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const schema: StandardSchema<City> = {
  '~standard': {
    validate: (value) => {
      const { city } = (value ?? {}) as Partial<City>
      return typeof city === 'string'
        ? { value: { city } }
        : { issues: [{ message: 'must be a text', path: ['city'] }] }
    },
  },
}
const usage = { inputTokens: 1, outputTokens: 2, source: 'reported' as const }
const ends = (text: string, reason: 'stop' | 'length' | 'content-filter' = 'stop'): Script => ({
  events: [start, textEvent(text), { type: 'finish', reason, usage }],
})

const calls: Script = {
  events: [
    start,
    textEvent('Let me see.'),
    { type: 'tool-call', id: 'c1', name: 'weather' },
    { type: 'tool-input', id: 'c1', text: '{"city":"Ulm"}' },
    { type: 'finish', reason: 'tool-calls', usage },
  ],
}

describe('object()', () => {
  test('gives an object of the type of its schema, beside the answer', async () => {
    const provider = scripted(says('{"city":', '"Ulm"}'))
    const answer = await plain(provider).object('Where?', { schema, parameters, name: 'place' })
    expectTypeOf(answer.object).toEqualTypeOf<City>()
    expect(answer).toMatchObject({ object: { city: 'Ulm' }, text: '{"city":"Ulm"}', reason: 'stop' })
    expect(provider.requests[0]?.responseFormat).toEqual({ name: 'place', schema: parameters, strict: 'auto' })
  })

  test('survives a cut', async () => {
    const provider = scripted(breaks('{"city":"B'), says('{"city":"Ulm"}'))
    await expect(plain(provider).object('Where?', { schema, parameters })).resolves.toMatchObject({
      object: { city: 'Ulm' },
    })
  })

  test.each<[string, Script, string, string]>([
    ['another object', ends('{"city":5}'), 'malformed', 'city: must be a text'],
    ['what is not JSON', ends('Ulm'), 'malformed', 'the answer is not JSON'],
    ['nothing', { events: [start, finish] }, 'malformed', 'the model gave no object'],
    ['one that is cut off at its length limit', ends('{"city":"Ulm"}', 'length'), 'malformed', 'raise maxTokens'],
    ['a refusal', ends('I can’t.', 'content-filter'), 'content-filter', 'for its content'],
    ['one that was cut for its content', ends('{"city":"Ulm"}', 'content-filter'), 'content-filter', 'for its content'],
    ['a call', calls, 'malformed', 'run() runs them'],
  ])('%s is an error that says so, with the answer as partial', async (_what, script, code, words) => {
    const provider = scripted(script)
    const error = await failure(plain(provider).object('Where?', { schema, parameters }), code as 'malformed')
    expect(error.message).toContain(words)
    expect(error.partial?.provider).toBe('local')
    expect(provider.requests).toHaveLength(1)
  })

  test('asks again with what is wrong, as often as it is told to', async () => {
    const provider = scripted(ends('{"city":5}'), ends('{"city":"Ulm"}'))
    const answer = await plain(provider).object('Where?', { schema, parameters, repairs: 1 })
    expect(answer).toMatchObject({ object: { city: 'Ulm' }, usage: { inputTokens: 2, outputTokens: 4 } })
    expect(provider.requests[1]?.messages).toMatchObject([
      { role: 'user', content: 'Where?' },
      { role: 'assistant', content: '{"city":5}' },
      { role: 'user', content: expect.stringContaining('city: must be a text') as string },
    ])
    const never = scripted(ends('{}'))
    await failure(plain(never).object('Where?', { schema, parameters, repairs: 2 }), 'malformed')
    expect(never.requests).toHaveLength(3)
  })

  test('the answer in the error has the usage of all', async () => {
    const asked = plain(scripted(ends('{}'))).object('Where?', { schema, parameters, repairs: 1 })
    expect((await failure(asked, 'malformed')).partial?.usage).toMatchObject({ inputTokens: 2, outputTokens: 4 })
  })

  test.each([
    ['an answer at its length limit', ends('{"city":', 'length')],
    ['calls, whose results it would lack', calls],
  ])('does not ask again after %s', async (_what, script) => {
    const provider = scripted(script)
    await failure(plain(provider).object('Where?', { schema, parameters, repairs: 2 }), 'malformed')
    expect(provider.requests).toHaveLength(1)
  })

  test('an answer without text is not sent back', async () => {
    const provider = scripted({ events: [start, { type: 'reasoning', text: 'Hm.' }, finish] }, ends('{"city":"Ulm"}'))
    await plain(provider).object('Where?', { schema, parameters, repairs: 1 })
    expect(provider.requests[1]?.messages.map(({ role }) => role)).toEqual(['user', 'user'])
  })

  test('of a thousand issues it tells ten', async () => {
    const issues = Array.from({ length: 1_000 }, (_, index) => ({ message: 'wrong', path: [index] }))
    const picky = { '~standard': { validate: () => ({ issues }) } }
    const error = await failure(plain(scripted(ends('[]'))).object('?', { schema: picky, parameters }), 'malformed')
    expect(error.message).toMatch(/: 0: wrong; .*; 9: wrong; and 990 more$/)
  })

  test('an abort ends it, also while its schema validates', async () => {
    const stop = new AbortController()
    const hanging = {
      '~standard': {
        validate: () => {
          stop.abort(new Error('enough'))
          return new Promise<never>(() => undefined)
        },
      },
    }
    const options = { schema: hanging, parameters, signal: stop.signal }
    expect(await rejection(plain(scripted(ends('{}'))).object('?', options))).toBe(stop.signal.reason)
  })

  test('a schema that does not say its JSON Schema needs it beside it', async () => {
    const provider = scripted(says('{}'))
    await expect(plain(provider).object('Where?', { schema })).rejects.toThrow(
      /^object: the schema does not say its JSON Schema: give its/,
    )
    expect(provider.requests).toHaveLength(0)
  })

  test.each([
    [undefined],
    [{}],
    [{ schema: 5 }],
    [{ schema: { type: 'object' }, parameters }],
    [{ schema, parameters, repairs: -1 }],
  ])('options %j are a mistake of the caller', async (options) => {
    await expect(plain(scripted(says('{}'))).object('Where?', options as never)).rejects.toThrow(TypeError)
  })
})

describe('run()', () => {
  const weather = tool({ name: 'weather', parameters, schema, run: ({ city }) => `21 °C in ${city}` })
  test('gives events, and then the last answer with the usage of all rounds and the conversation', async () => {
    const run = plain(scripted(calls, ends('21 °C.'))).run('How warm is it in Ulm?', { tools: [weather] })
    const events = await read(run)
    expect(events.filter(({ type }) => type === 'tool-result')).toMatchObject([{ content: '21 °C in Ulm' }])
    const result = await run.result
    expect(result).toMatchObject({ text: '21 °C.', usage: { inputTokens: 2, outputTokens: 4 } })
    expect(result.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant'])
  })

  test('its result alone reads it, and survives a cut in any round', async () => {
    const provider = scripted(breaks('Let'), calls, breaks('2'), ends('21 °C.'))
    const { result } = plain(provider).run('How warm is it in Ulm?', { tools: [weather] })
    await expect(result).resolves.toMatchObject({ text: '21 °C.' })
    expect(provider.requests).toHaveLength(4)
  })

  test('its last answer is that of the last round, also of a provider that gives no start', async () => {
    const bare = ({ events }: Script): Script => ({ events: events.filter(({ type }) => type !== 'start') })
    const provider = scripted(bare(calls), bare(ends('21 °C.')))
    const { text, toolCalls } = await plain(provider).run('How warm is it in Ulm?', { tools: [weather] }).result
    expect({ text, toolCalls }).toEqual({ text: '21 °C.', toolCalls: [] })
  })

  test('an iteration fails at a break, unless it is told to restart', async () => {
    await failure(read(plain(scripted(breaks('Let'), calls)).run('?', { tools: [weather] })), 'truncated')
    const told = scripted(breaks('Let'), calls, ends('21 °C.'))
    const events = await read(plain(told).run('?', { tools: [weather], onBreak: 'restart' }))
    expect(events.filter(({ type }) => type === 'restart')).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
  })

  test('its last answer may be an object', async () => {
    const provider = scripted(calls, says('{"city":"Ulm"}'))
    const { result } = plain(provider).run('Where is it warm?', { tools: [weather], schema, parameters })
    const answer = await result
    expectTypeOf(answer.object).toEqualTypeOf<City | undefined>()
    expect(answer.object).toEqual({ city: 'Ulm' })
    expect(provider.requests[1]?.responseFormat).toMatchObject({ schema: parameters })
  })

  test('a mistake of the caller is thrown at the call', () => {
    expect(() => plain(scripted(says('Hi'))).run('?', undefined as never)).toThrow(TypeError)
    expect(() => plain(scripted(says('Hi'))).run('?', { tools: [weather, weather] })).toThrow('two tools are named')
    const withTools = { messages: [{ role: 'user' as const, content: '?' }], tools: [weather] }
    expect(() => plain(scripted(says('Hi'))).run(withTools, { tools: [] })).toThrow('run: tools of the question')
    for (const options of [{ parameters }, { name: 'place' }]) {
      expect(() => plain(scripted(says('Hi'))).run('?', { tools: [], ...options })).toThrow('go with a schema')
      expect(() => plain(scripted(says('Hi'))).snapshots('?', options)).toThrow('go with a schema')
    }
    const unlike = { name: 'x', schema: { type: 'object' }, run: () => 'y' } as never
    expect(() => plain(scripted(says('Hi'))).run('?', { tools: [unlike] })).toThrow('tool "x": schema must be')
  })
})

test('a result is one of the answer', async () => {
  const answer = await plain(scripted(says('{"city":"Ulm"}'))).object('Where?', { schema, parameters })
  expectTypeOf(answer).toEqualTypeOf<ChatResult & { object: City }>()
})
