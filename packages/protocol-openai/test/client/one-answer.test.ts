import { describe, expect, test } from 'vitest'
import { callsOf, calling } from '../support/calls.ts'
import { chunk, contentOf, cutOff, done, finish, message, read, say, start, stream, text } from '../support/decoding.ts'

const usage = { prompt_tokens: 3, completion_tokens: 4 }
const reported = { inputTokens: 3, outputTokens: 4, source: 'reported' }

describe('choices', () => {
  test.each([
    ['index', 'one', { index: 0 }, { index: 1 }],
    ['no index', 'one', {}, { index: 1 }],
    ['null as the index', 'one', { index: null }, { index: 2 }],
  ])('only the first is the answer: %s', (_name, content, first, other) => {
    const of = (at: object, words: string): object => ({ ...at, delta: { content: words }, finish_reason: null })
    const body = stream(
      { ...start, choices: [of(other, 'no'), of(first, content)] },
      { choices: [of(other, 'no')] },
      { choices: [of(first, content), of(other, 'no')] },
      { choices: [{ ...other, delta: {}, finish_reason: 'length' }] },
      { choices: [null, { ...first, delta: {}, finish_reason: 'stop' }] },
    )
    expect(contentOf(read(body))).toEqual([text(content), text(content)])
    expect(read(body).events.at(-1)).toEqual(finish('stop'))
  })

  test('with text alone are those of older completions', () => {
    const of = (words: string, reason: string | null = null): object => ({
      object: 'text_completion',
      choices: [{ index: 0, text: words, finish_reason: reason }],
    })
    expect(contentOf(read(stream(of('one'), of(''), of('two', 'stop'))))).toEqual([text('one'), text('two')])
    expect(contentOf(read(JSON.stringify(of('one', 'stop')), 'application/json'))).toEqual([text('one')])
    expect(read(cutOff(of('one'))).failure).toMatchObject({ code: 'truncated' })
  })
})

describe('a message after its pieces', () => {
  const closing = (fields: object, reason?: string): object => JSON.parse(message(fields, reason)) as object
  const f = (json: string) => ({ id: '1', type: 'function', function: { name: 'f', arguments: json } })

  test('that says the same adds nothing', () => {
    const body = stream(
      chunk({ reasoning: 'hm' }),
      say('one'),
      say(' two'),
      closing({ content: 'one two', reasoning: 'hm' }),
    )
    expect(contentOf(read(body))).toEqual([{ type: 'reasoning', text: 'hm' }, text('one'), text(' two')])
    expect(contentOf(read(stream(say('one'), closing({ content: null }))))).toEqual([text('one')])
    const refused = stream(chunk({ refusal: 'No.' }), closing({ content: null, refusal: 'No.' }))
    expect(read(refused).events).toEqual([start, text('No.'), finish('content-filter')])
  })

  test('that says the same twice adds nothing', () => {
    const whole = closing({ content: 'one' })
    expect(contentOf(read(stream(say('one'), whole, whole)))).toEqual([text('one')])
  })

  test('may be a refusal, after which it is not an answer', () => {
    const refused = stream(chunk({ role: 'assistant' }), closing({ content: null, refusal: 'No.' }))
    expect(read(refused).events).toEqual([start, text('No.'), finish('content-filter')])
    expect(read(stream(say('one'), closing({ content: 'one', refusal: 'No.' }))).events).toEqual([
      start,
      text('one'),
      finish(),
    ])
  })

  test('says what they left out', () => {
    const body = stream(
      say('one'),
      closing({ content: [{ type: 'text', text: 'one two' }], reasoning: 'hm', tool_calls: [f('{}')] }),
    )
    expect(contentOf(read(body)).slice(0, 3)).toEqual([text('one'), { type: 'reasoning', text: 'hm' }, text(' two')])
    expect(callsOf(read(body))).toEqual([['f', {}]])
  })

  test.each(['onx', 'on', 'xone', 'two'])('that says other text is malformed: %s', (content) => {
    expect(read(stream(say('one'), closing({ content }))).failure).toEqual({
      code: 'malformed',
      message: 'the message has another text than its pieces',
    })
  })

  describe('is compared by its calls, too', () => {
    const call = (name: string, json: string) => ({ id: name, type: 'function', function: { name, arguments: json } })
    const closed = (pieces: object[], whole: object[] | undefined, reason?: string) =>
      read(stream(...pieces.map((one, index) => calling({ index, ...one })), closing({ tool_calls: whole }, reason)))
    const f1 = call('f', '{"x": 1}')
    const g2 = call('g', '{"y": 2}')

    test.each<[string, object[], object[] | undefined]>([
      ['the same', [f1, g2], [f1, g2]],
      ['other white space', [f1, g2], [call('f', '{"x":1}'), call('g', '{ "y":2 }')]],
      ['none', [f1, g2], []],
      ['no field', [f1, g2], undefined],
    ])('these add nothing: %s', (_name, pieces, whole) => {
      expect(callsOf(closed(pieces, whole))).toEqual([
        ['f', { x: 1 }],
        ['g', { y: 2 }],
      ])
    })

    test.each(['', ' ', '{}'])('no arguments are an empty object: %j', (json) => {
      expect(callsOf(closed([call('f', json)], [call('f', '{}')]))).toEqual([['f', {}]])
      expect(callsOf(closed([call('f', '{}')], [call('f', json)]))).toEqual([['f', {}]])
    })

    test.each<[string, object[], object[]]>([
      ['other arguments', [f1], [call('f', '{"x":2}')]],
      ['other arguments of the second', [f1, g2], [f1, call('g', '{"y":3}')]],
      ['another name', [f1], [call('g', '{"x": 1}')]],
      ['one more', [f1], [f1, g2]],
      ['one less', [f1, g2], [f1]],
      ['arguments that broke off', [f1], [call('f', '{')]],
      ['arguments that broke off elsewhere', [call('f', '{"x"')], [call('f', '{"y"')]],
    ])('others are malformed: %s', (_name, pieces, whole) => {
      expect(closed(pieces, whole).failure).toEqual({
        code: 'malformed',
        message: 'the message has other tool calls than its pieces',
      })
    })

    test('arguments that the limit cut are the same when they are repeated', () => {
      const cut = [call('f', '{"x"')]
      expect(closed(cut, cut, 'length').events.at(-1)).toEqual(finish('length'))
    })
  })

  test('beside a delta that says something is not read', () => {
    const both = { choices: [{ index: 0, delta: { content: 'a' }, message: { content: 'a' }, finish_reason: null }] }
    expect(contentOf(read(stream(both, both)))).toEqual([text('a'), text('a')])
  })

  test('beside the last piece is the whole, unless it is that piece again', () => {
    const last = (delta: string, whole: string): object => ({
      choices: [{ index: 0, delta: { content: delta }, message: { content: whole }, finish_reason: 'stop' }],
    })
    expect(contentOf(read(stream(say('one'), last(' two', ' two'))))).toEqual([text('one'), text(' two')])
    expect(contentOf(read(stream(say('one'), last(' two', 'one two'))))).toEqual([text('one'), text(' two')])
    expect(read(stream(say('one'), last(' two', 'one three'))).failure).toEqual({
      code: 'malformed',
      message: 'the message has another text than its pieces',
    })
  })
})

describe('a second answer in the stream', () => {
  const of = (id: string, delta: object, reason: string | null = null): object => ({
    id,
    choices: [{ index: 0, delta, finish_reason: reason }],
  })
  const opening = (id: string): object => of(id, { role: 'assistant', content: '' })
  const mixed = { code: 'malformed', message: 'a second answer begins in the stream' }

  test.each<[string, object[]]>([
    [
      'another id and the role again',
      [opening('c1'), of('c1', { content: 'a' }), opening('c2'), of('c2', { content: 'b' })],
    ],
    [
      'the role again after the reason',
      [opening('c1'), of('c1', { content: 'a' }), of('c1', {}, 'stop'), opening('c1'), of('c1', { content: 'b' })],
    ],
    [
      'another id where each chunk has the role and the id was the same before',
      [
        of('c1', { role: 'assistant', content: '' }),
        of('c1', { role: 'assistant', content: 'a' }),
        of('c2', { role: 'assistant', content: 'b' }),
      ],
    ],
    [
      'another id after the reason',
      [opening('c1'), of('c1', { content: 'a' }), of('c1', {}, 'stop'), of('c2', { content: 'b' })],
    ],
  ])('is malformed, and its text is not given: %s', (_name, chunks) => {
    const { events, failure } = read(stream(...chunks))
    expect(contentOf({ events })).toEqual([text('a')])
    expect(failure).toEqual(mixed)
  })

  test('is malformed by its thoughts and its calls, too', () => {
    const first = [opening('c1'), of('c1', { content: 'a' }), of('c1', {}, 'stop')]
    const call = { tool_calls: [{ index: 0, id: '1', function: { name: 'f', arguments: '{}' } }] }
    expect(read(stream(...first, of('c2', { reasoning: 'hm' }))).failure).toEqual(mixed)
    expect(read(stream(...first, of('c2', call))).failure).toEqual(mixed)
  })

  test.each<[string, object[]]>([
    ['a role in every chunk', ['a', 'b', 'c', 'd'].map((content) => of('c1', { role: 'assistant', content }, 'stop'))],
    [
      'a role in every chunk, also after the reason',
      [
        ...['a', 'b', 'c'].map((content) => of('c1', { role: 'assistant', content })),
        of('c1', { role: 'assistant' }, 'stop'),
        of('c1', { content: 'd', role: 'assistant' }),
      ],
    ],
    [
      'an id of its own in every chunk',
      ['a', 'b', 'c', 'd'].map((content, at) => of(`c${at}`, { content }, at === 0 ? null : 'stop')),
    ],
    [
      'a role and an id of its own in every chunk',
      ['a', 'b', 'c', 'd'].map((content, at) => of(`c${at}`, { role: 'assistant', content })),
    ],
    [
      'a role again before the text',
      [of('c1', { role: 'assistant', reasoning: '' }), of('c1', {}), of('c1', { role: 'assistant', content: 'abcd' })],
    ],
    [
      'an empty role',
      [
        opening('c1'),
        of('c1', { role: '', content: 'ab' }),
        of('c1', { role: '' }, 'stop'),
        of('c1', { role: '', content: 'cd' }),
      ],
    ],
    ['another id alone', [opening('c1'), of('c1', { content: 'ab' }), of('c2', { content: 'cd' })]],
    [
      'text after the reason',
      [opening('c1'), of('c1', { content: 'ab' }), of('c1', {}, 'stop'), of('c1', { content: 'cd' })],
    ],
    [
      'a last chunk with a role and no content',
      [opening('c1'), of('c1', { content: 'abcd' }), of('c1', {}, 'stop'), { ...opening('c1'), usage }],
    ],
    [
      'usage under another id',
      [opening('c1'), of('c1', { content: 'abcd' }), of('c1', {}, 'stop'), { id: 'u1', choices: [], usage }],
    ],
  ])('is not one: %s', (_name, chunks) => {
    const answer = read(stream(...chunks))
    expect(answer.failure).toBeUndefined()
    expect(
      contentOf(answer)
        .map((event) => ('text' in event ? event.text : ''))
        .join(''),
    ).toBe('abcd')
  })
})

describe('usage', () => {
  const counted = (...chunks: object[]): unknown => {
    const end = read(stream(say('a'), ...chunks)).events.at(-1)
    return end?.type === 'finish' ? end.usage : undefined
  }

  test.each<[string, object[]]>([
    ['inside the choice', [chunk({}, { finish_reason: 'stop', usage })]],
    ['in a chunk of fields of its own', [done(), { id: 'u1', request_id: 'z', usage }]],
    ['in a chunk without choices, after null', [{ ...say('b'), usage: null }, done(), { usage }]],
    [
      'repeated: the last counts',
      [
        { ...say('b'), usage: { prompt_tokens: 3, completion_tokens: 1 } },
        { ...done(), usage },
      ],
    ],
    [
      'repeated by nothing',
      [{ ...done(), usage }, { choices: [], usage: { prompt_tokens: 0, completion_tokens: 0 } }, { usage: {} }],
    ],
    ['under newer names', [{ ...done(), usage: { input_tokens: 3, output_tokens: 4 } }]],
  ])('is read %s', (_name, chunks) => {
    expect(counted(...chunks)).toEqual(reported)
  })

  test('of nothing is nothing, when no other comes', () => {
    expect(counted({ ...done(), usage: { prompt_tokens: 0, completion_tokens: 0 } })).toEqual({
      inputTokens: 0,
      outputTokens: 0,
      source: 'reported',
    })
  })
})
