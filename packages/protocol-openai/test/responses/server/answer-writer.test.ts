import { ChatError, type ChatEvent, type FrameLabel } from '@rivulet/core'
import { type AnswerWriter, readSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { responsesServer } from '../../../src/index.ts'

type Wire = Record<string, unknown>

const dialect = 'openai-responses'
const start: ChatEvent = { type: 'start', provider: 'acme', model: 'acme-1' }
const say = (text: string): ChatEvent => ({ type: 'text', text })
const finish = { type: 'finish', reason: 'stop' } as const
const native = (value: Wire): ChatEvent => ({ type: 'native', dialect, value })
const called = (id: string, name: string, input: string, rest: object = {}): ChatEvent[] => [
  { type: 'tool-call', id, name, ...rest },
  { type: 'tool-input', id, text: input },
]

const writerOf = (fields: Wire = {}, seal = false): AnswerWriter =>
  responsesServer({ seal })
    .read({ path: '/v1/responses', body: JSON.stringify({ model: 'gpt-6', input: 'a', stream: true, ...fields }) })
    .answer({ id: 'resp_1', created: 1, model: 'alias' })
/** The data of the events of a stream. */
const datasIn = (body: string): Wire[] =>
  body
    .split('\n\n')
    .filter((frame) => frame.includes('data: '))
    .map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 6).replaceAll('\ndata: ', '\n')) as Wire)
const typesIn = (body: string): string[] => datasIn(body).map(({ type }) => String(type).replace('response.', ''))
const lastIn = (body: string): Wire => datasIn(body).at(-1)?.response as Wire
const written = (events: readonly ChatEvent[], fields?: Wire, seal?: boolean): string =>
  writerOf(fields, seal).write(events)
const outputOf = (events: readonly ChatEvent[], fields?: Wire, seal?: boolean): Wire[] =>
  lastIn(written([start, ...events, finish], fields, seal)).output as Wire[]

describe('a stream', () => {
  const [added, done] = ['output_item.added', 'output_item.done']
  const [begin, end] = [['created', 'in_progress'], ['completed']]
  const message = (...pieces: string[]): string[] => [
    added,
    'content_part.added',
    ...pieces,
    'output_text.done',
    'content_part.done',
    done,
  ]

  test.each<[string, ChatEvent[], string[]]>([
    ['of nothing', [], []],
    ['of text', [say('a'), say('b')], message('output_text.delta', 'output_text.delta')],
    [
      'of text with a citation',
      [say('a'), native({ type: 'url_citation', url: 'u' })],
      message('output_text.delta', 'output_text.annotation.added'),
    ],
    [
      'of reasoning',
      [{ type: 'reasoning', text: 'a' }],
      [
        added,
        'reasoning_summary_part.added',
        'reasoning_summary_text.delta',
        'reasoning_summary_text.done',
        'reasoning_summary_part.done',
        done,
      ],
    ],
    ['of sealed reasoning', [{ type: 'reasoning', text: '', sealed: 's', id: 'rs_1' }], [added, done]],
    [
      'of a call',
      called('1', 'f', '{}'),
      [added, 'function_call_arguments.delta', 'function_call_arguments.done', done],
    ],
    [
      'of a call of a text tool',
      called('1', 'f', 'a', { format: 'text' }),
      [added, 'custom_tool_call_input.delta', 'custom_tool_call_input.done', done],
    ],
    ['of an item of its own', [native({ type: 'web_search_call', id: 'ws_1' })], [added, done]],
    ['without what other dialects have', [{ type: 'native', dialect: 'gemini', value: {} }], []],
  ])('%s has the full life of its items', (_what, events, types) => {
    const body = written([start, ...events, finish])
    expect(typesIn(body)).toEqual([...begin, ...types, ...end])
    expect(datasIn(body).map(({ sequence_number: number }) => number)).toEqual(datasIn(body).map((_, index) => index))
  })

  test('says in every event which item it is of, and repeats the items in its end', () => {
    const body = written([start, say('a'), ...called('1', 'f', '{}'), say('b'), finish])
    const events = datasIn(body)
    const output = lastIn(body).output as Wire[]
    const items = output.map(({ id, type }) => [id, type])
    expect(items).toEqual([
      ['msg_1_0', 'message'],
      ['fc_1_1', 'function_call'],
      ['msg_1_2', 'message'],
    ])
    for (const { item_id: id, output_index: index } of events.filter((event) => 'item_id' in event)) {
      expect(id).toBe(items[Number(index)]?.[0])
    }
    const ended = events.filter(({ type }) => type === 'response.output_item.done')
    expect(
      ended.map(({ item }) => item).toSorted((a, b) => (String((a as Wire).id) < String((b as Wire).id) ? 1 : -1)),
    ).toEqual(output.toSorted((a, b) => (String(a.id) < String(b.id) ? 1 : -1)))
  })

  test('has one id, time and model, and the fields of the request', () => {
    const tools = [{ type: 'function', name: 'f', parameters: {}, strict: true }]
    const body = written([start, say('a'), finish], {
      instructions: 'Be brief.',
      tools,
      metadata: { a: 'b' },
      store: true,
    })
    for (const { response } of datasIn(body).filter((event) => 'response' in event)) {
      expect(response).toMatchObject({
        id: 'resp_1',
        object: 'response',
        created_at: 1,
        model: 'alias',
        instructions: 'Be brief.',
        tools,
        metadata: { a: 'b' },
        store: false,
        parallel_tool_calls: true,
      })
    }
  })

  test.each([
    ['length', 'max_output_tokens'],
    ['content-filter', 'content_filter'],
  ] as const)('that ends for %s is incomplete', (reason, words) => {
    const body = written([start, say('a'), { type: 'finish', reason }])
    expect(typesIn(body).at(-1)).toBe('incomplete')
    expect(lastIn(body)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: words },
      output: [{ content: [{ text: 'a' }] }],
    })
  })

  test('that fails ends as failed, with what was whole and the words of the error', () => {
    const writer = writerOf()
    const events = [start, native({ type: 'web_search_call', id: 'ws_1' }), ...called('1', 'f', '{"a')]
    const body = writer.write(events) + writer.fail(new ChatError('quota', 'no money'))
    expect(typesIn(body).at(-1)).toBe('failed')
    expect(lastIn(body)).toMatchObject({
      status: 'failed',
      error: { code: 'insufficient_quota', message: 'no money' },
      output: [{ type: 'web_search_call' }],
    })
  })

  test('stays alive by events that clients count', () => {
    const writer = writerOf()
    const body = writer.ping() + writer.ping() + writer.write([start, say('a'), finish])
    expect(typesIn(body).slice(0, 5)).toEqual([
      'created',
      'in_progress',
      'keepalive',
      'output_item.added',
      'content_part.added',
    ])
    expect(datasIn(body).map(({ sequence_number: number }) => number)).toEqual(datasIn(body).map((_, index) => index))
  })
})

describe('items', () => {
  test('of calls in a namespace get it back', () => {
    const tools = [{ type: 'namespace', name: 'mail', description: 'd', tools: [{ type: 'function', name: 'send' }] }]
    expect(outputOf(called('1', 'mail__send', '{}'), { tools })).toMatchObject([
      { type: 'function_call', call_id: '1', namespace: 'mail', name: 'send', arguments: '{}' },
    ])
  })

  test('of calls without arguments have an empty object, which clients parse', () => {
    expect(outputOf([{ type: 'tool-call', id: '1', name: 'f' }])).toMatchObject([{ arguments: '{}' }])
  })

  test('of its own keep their ids, unless two have the same', () => {
    const item = { type: 'web_search_call', id: 'ws_1', status: 'completed' }
    expect(outputOf([native(item), native(item), native({ type: 'new' })])).toEqual([
      item,
      { ...item, id: 'item_1_1' },
      { type: 'new', id: 'item_1_2' },
    ])
  })

  test('of messages have their phase', () => {
    expect(outputOf([native({ type: 'message', phase: 'commentary' }), say('a')])).toMatchObject([
      { phase: 'commentary' },
    ])
  })

  const proofs: [string, ChatEvent[], (string | undefined)[]][] = [
    ['a seal', [{ type: 'reasoning', text: 'a', sealed: 's', id: 'rs_9' }], ['s']],
    [
      'a signature',
      [
        { type: 'reasoning', text: 'a' },
        { type: 'reasoning', text: '', signature: 's' },
      ],
      ['signature:s'],
    ],
    ['the signature of a call', called('1', 'f', '{}', { signature: 's' }), ['call:s', undefined]],
    ['the signature of a text', [{ type: 'text', text: 'a', signature: 's' }], [undefined, 'text:s']],
    [
      'the signature of a text that has ended',
      [say('a'), { type: 'text', text: '', signature: 's' }],
      [undefined, 'text:s'],
    ],
  ]
  test.each(proofs)('carry %s as encrypted content', (_what, events, contents) => {
    expect(outputOf(events).map((item) => item.encrypted_content)).toEqual(contents)
  })

  test.each(proofs)('seal %s with its author on request', (_what, events, contents) => {
    const seals = outputOf(events, {}, true).map((item) => item.encrypted_content)
    expect(seals.map((seal) => (typeof seal === 'string' ? readSeal(seal)?.value : undefined))).toEqual(contents)
    const [seal] = seals.filter((each) => typeof each === 'string')
    expect(readSeal(String(seal))).toMatchObject({ provider: 'acme', model: 'acme-1' })
  })
})

describe('an answer in one piece', () => {
  test('is the response, when the events end', () => {
    const writer = writerOf({ stream: false })
    expect(writer.contentType).toBe('application/json')
    expect(writer.write([start, say('a')]) + writer.ping()).toBe('')
    const usage = { inputTokens: 3, outputTokens: 2, cachedTokens: 1, cacheWriteTokens: 1, source: 'reported' } as const
    expect(JSON.parse(writer.write([{ ...finish, usage }]))).toMatchObject({
      id: 'resp_1',
      status: 'completed',
      output: [{ type: 'message', content: [{ type: 'output_text', text: 'a' }] }],
      usage: {
        input_tokens: 3,
        input_tokens_details: { cached_tokens: 1, cache_write_tokens: 1 },
        output_tokens: 2,
        total_tokens: 5,
      },
    })
  })

  test('of an endpoint of this dialect passes as it came, sealed on request', () => {
    const document = {
      object: 'response',
      id: 'resp_9',
      big: 1,
      output: [{ type: 'reasoning', id: 'rs_1', encrypted_content: 'gA' }],
    }
    const data = JSON.stringify(document)
    const events: ChatEvent[] = [{ type: 'raw', dialect, label: 'end', data }, start, say('a'), finish]
    expect(written(events, { stream: false })).toBe(data)
    const { output } = JSON.parse(written(events, { stream: false }, true)) as { output: Wire[] }
    expect(readSeal(String(output[0]?.encrypted_content))).toEqual({
      provider: 'acme',
      model: 'acme-1',
      value: 'gA',
      id: 'rs_1',
    })
    const mended = written([{ type: 'raw', dialect, label: 'mended', data }, ...events.slice(1)], { stream: false })
    expect(JSON.parse(mended)).toMatchObject({ id: 'resp_1', output: [{ content: [{ text: 'a' }] }] })
  })

  test('of several endpoints is written from its events', () => {
    const document = (text: string): ChatEvent => ({
      type: 'raw',
      dialect,
      label: 'end',
      data: JSON.stringify({ object: 'response', output: [text] }),
    })
    const from = { from: 'acme', reason: 'overloaded', message: 'gone' } as const
    const joined = [
      document('a'),
      start,
      say('a'),
      { type: 'resume', ...from } as const,
      document('b'),
      start,
      say('b'),
      finish,
    ]
    expect(JSON.parse(written(joined, { stream: false }))).toMatchObject({ output: [{ content: [{ text: 'ab' }] }] })
    const again = [document('a'), start, say('a'), { type: 'restart', ...from } as const, start, say('b'), finish]
    expect(JSON.parse(written(again, { stream: false }))).toMatchObject({ output: [{ content: [{ text: 'b' }] }] })
  })

  test('that fails is an error', () => {
    expect(JSON.parse(writerOf({ stream: false }).fail(new ChatError('overloaded', 'busy')))).toMatchObject({
      error: { message: 'busy' },
    })
  })
})

describe('frames of an endpoint of this dialect', () => {
  let number = 10
  const raw = (type: string, fields: Wire = {}, label: FrameLabel = 'as-is'): ChatEvent => ({
    type: 'raw',
    dialect,
    label,
    event: `response.${type}`,
    data: JSON.stringify({ type: `response.${type}`, sequence_number: number++, ...fields }),
  })
  const dataOf = (event: ChatEvent): string =>
    event.type === 'raw' ? `event: ${event.event ?? ''}\ndata: ${event.data}\n\n` : ''
  const created = raw('created', { response: { id: 'resp_9', model: 'acme-1', created_at: 9 } })
  const item = { type: 'message', id: 'msg_9', role: 'assistant', content: [] }
  const added = raw('output_item.added', { output_index: 3, item })
  const part = raw('content_part.added', { output_index: 3, item_id: 'msg_9', content_index: 0, part: {} })
  const piece = raw('output_text.delta', { output_index: 3, item_id: 'msg_9', delta: 'a' })
  const whole = { ...item, content: [{ type: 'output_text', text: 'a' }] }
  const itemDone = raw('output_item.done', { output_index: 3, item: whole })
  const begun: ChatEvent[] = [created, start, added, part, piece, say('a')]

  test('pass as they came, the end with the finish', () => {
    const end = raw('completed', { response: { output: [whole] } }, 'end')
    const writer = writerOf()
    const frames = [created, added, part, piece, itemDone].map(dataOf).join('')
    expect(writer.write([...begun, itemDone, end])).toBe(frames)
    expect(writer.write([finish])).toBe(dataOf(end))
  })

  test('whose end leaves an item open are followed by the end of that item, and then of the answer', () => {
    const body = written([...begun, raw('completed', { response: { output: [] } }, 'end'), finish])
    const ends = ['output_text.done', 'content_part.done', 'output_item.done', 'completed']
    expect(typesIn(body)).toEqual(['created', 'output_item.added', 'content_part.added', 'output_text.delta', ...ends])
    expect(datasIn(body).at(-2)).toMatchObject({ output_index: 3, item: { id: 'msg_9', content: [{ text: 'a' }] } })
    expect(lastIn(body)).toMatchObject({ id: 'resp_9', status: 'completed', output: [{ id: 'msg_9' }] })
  })

  test('are followed by events of the same items, ids and numbers, where one was mended', () => {
    const mended = raw('output_text.delta', {}, 'mended')
    const body = written([...begun, mended, say('b'), raw('completed', { response: {} }, 'mended'), finish])
    const rest = datasIn(body).slice(4)
    expect(rest[0]).toMatchObject({ type: 'response.output_text.delta', item_id: 'msg_9', output_index: 3, delta: 'b' })
    expect(rest.map(({ type }) => type)).toEqual([
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    expect(lastIn(body)).toMatchObject({
      id: 'resp_9',
      model: 'acme-1',
      created_at: 9,
      output: [{ id: 'msg_9', content: [{ text: 'ab' }] }],
    })
    const numbers = datasIn(body).map(({ sequence_number: each }) => Number(each))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  })

  test('whose items have ended are repeated as they came in an end that is written', () => {
    const reasoning = { type: 'reasoning', id: 'rs_9', summary: [], secret: 1 }
    const call = { type: 'function_call', id: 'fc_9', call_id: '1', name: 'f', arguments: '{}' }
    const body = written([
      ...begun,
      itemDone,
      raw('output_item.done', { output_index: 4, item: reasoning }),
      raw('output_item.added', { output_index: 5, item: call }),
      ...called('1', 'f', '{}'),
      raw('output_item.done', { output_index: 5, item: call }),
      raw('done', { response: {} }, 'mended'),
      finish,
    ])
    expect(lastIn(body).output).toEqual([whole, reasoning, call])
    expect(typesIn(body).filter((type) => type === 'output_item.done')).toHaveLength(3)
  })

  test('are not passed on after a beginning of our own', () => {
    const writer = writerOf()
    const body = writer.ping() + writer.write([...begun, itemDone, raw('completed', {}, 'end'), finish])
    expect(body).not.toContain('resp_9')
    expect(lastIn(body)).toMatchObject({ id: 'resp_1', output: [{ content: [{ text: 'a' }] }] })
  })

  test('are not passed on without the event that begins them', () => {
    const body = written([added, start, part, piece, say('a'), raw('completed', {}, 'end'), finish])
    expect(typesIn(body).slice(0, 3)).toEqual(['created', 'in_progress', 'output_item.added'])
    expect(body).not.toContain('msg_9')
  })

  test('in one piece are written as events', () => {
    const data = JSON.stringify({ object: 'response', id: 'resp_9', output: [whole] })
    const body = written([{ type: 'raw', dialect, label: 'end', data }, start, say('a'), finish])
    expect(typesIn(body).at(-1)).toBe('completed')
    expect(lastIn(body)).toMatchObject({ id: 'resp_1', output: [{ content: [{ text: 'a' }] }] })
  })

  test('have their reasoning sealed with its author on request', () => {
    const reasoning = { type: 'reasoning', id: 'rs_9', summary: [], encrypted_content: 'gA' }
    const sealedItem = raw('output_item.done', { output_index: 4, item: reasoning })
    const end = raw('completed', { response: { output: [reasoning] } }, 'end')
    const thought: ChatEvent = { type: 'reasoning', text: '', sealed: 'gA', id: 'rs_9' }
    const events = datasIn(written([created, start, sealedItem, thought, end, finish], {}, true))
    const seals = [events[1]?.item as Wire, ((events[2]?.response as Wire).output as Wire[])[0]]
    for (const each of seals) {
      expect(readSeal(String(each?.encrypted_content))).toEqual({
        provider: 'acme',
        model: 'acme-1',
        value: 'gA',
        id: 'rs_9',
      })
    }
  })

  test('of a member that failed are not followed by those of another', () => {
    const from = { from: 'acme', reason: 'overloaded', message: 'gone' } as const
    expect(() => written([...begun, { type: 'restart', ...from }])).toThrow('acme failed (gone)')
    expect(() => written([...begun, { type: 'resume', ...from }])).toThrow('its response cannot go on')
    const body = written([
      created,
      start,
      { type: 'restart', ...from },
      raw('created', { response: { id: 'resp_8' } }),
      start,
      say('a'),
      finish,
    ])
    expect(body).not.toContain('resp_8')
    expect(lastIn(body)).toMatchObject({ id: 'resp_9', output: [{ content: [{ text: 'a' }] }] })
  })

  test('that failed end as failed', () => {
    const writer = writerOf()
    const body =
      writer.write([...begun, raw('completed', {}, 'end')]) + writer.fail(new ChatError('truncated', 'broke off'))
    expect(typesIn(body).at(-1)).toBe('failed')
    expect(lastIn(body)).toMatchObject({ id: 'resp_9', error: { message: 'broke off' } })
  })
})
