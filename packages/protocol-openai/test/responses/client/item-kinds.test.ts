import type { Decoded } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { responses } from '../../../src/index.ts'
import { read as readAs } from '../../support/decoding.ts'
import {
  added,
  call,
  completed,
  created,
  delta,
  done,
  event,
  finish,
  hello,
  message,
  response,
  start,
} from './events.ts'

const dialect = responses()
const read = (body: string, type?: string): Decoded => readAs(body, type, (emit) => dialect.open(hello).decode(emit))
const contentOf = (body: string): unknown[] => {
  const { events, failure } = read(created + body)
  return failure === undefined ? events.slice(1, -1) : [failure.message]
}
const text = (words: string): object => ({ type: 'text', text: words })
const thought = (words: string, rest: object = {}): object => ({ type: 'reasoning', text: words, ...rest })
const at = (type: string, fields: object): string => event(`response.${type}`, { output_index: 0, ...fields })
const reasoning = (fields: object): object => ({ type: 'reasoning', id: 'rs_1', ...fields })

describe('parts are told apart by their place, and without one are the first', () => {
  test.each<[string, string, object[]]>([
    [
      'of a text',
      at('output_text.delta', { content_index: 0, delta: 'a' }) +
        at('output_text.delta', { content_index: 1, delta: 'b' }) +
        at('output_text.done', { content_index: 1, text: 'bc' }),
      [text('a'), text('b'), text('c')],
    ],
    [
      'of a text without places',
      at('output_text.delta', { delta: 'a' }) + at('output_text.done', { content_index: 0, text: 'ab' }),
      [text('a'), text('b')],
    ],
    [
      'of a refusal',
      at('refusal.delta', { content_index: 0, delta: 'a' }) + at('refusal.done', { content_index: 0, refusal: 'ab' }),
      [text('a'), text('b')],
    ],
    [
      'of a refusal beside a text of its place',
      at('output_text.done', { text: 'a' }) +
        at('refusal.delta', { delta: 'b' }) +
        at('refusal.done', { refusal: 'b' }),
      [text('a'), text('b')],
    ],
    [
      'of a summary',
      at('reasoning_summary_text.delta', { summary_index: 0, delta: 'a' }) +
        at('reasoning_summary_text.delta', { summary_index: 1, delta: 'b' }) +
        at('reasoning_summary_text.done', { summary_index: 1, text: 'bc' }) +
        at('reasoning_summary_part.done', { summary_index: 1, part: { text: 'bc' } }),
      [thought('a'), thought('\n\n'), thought('b'), thought('c')],
    ],
    [
      'of reasoning',
      at('reasoning_text.delta', { content_index: 0, delta: 'a' }) +
        at('reasoning_text.delta', { content_index: 1, delta: 'b' }) +
        at('reasoning_text.done', { content_index: 1, text: 'bc' }),
      [thought('a'), thought('\n\n'), thought('b'), thought('c')],
    ],
    [
      'whatever their kind',
      at('content_part.done', { content_index: 0, part: { type: 'output_text', text: 'a' } }) +
        at('content_part.done', { content_index: 1, part: { type: 'refusal', refusal: 'b' } }) +
        at('content_part.done', { content_index: 0, part: { type: 'reasoning_text', text: 'c' } }) +
        at('content_part.done', { content_index: 2, part: { type: 'other', text: 'd', refusal: 'd' } }) +
        at('content_part.done', { content_index: 3, part: 'e' }),
      [text('a'), text('b'), thought('c')],
    ],
  ])('%s', (_name, body, events) => {
    expect(contentOf(body + completed())).toEqual(events)
  })
})

describe('a whole item', () => {
  test.each<[string, object, object[]]>([
    ['a message of texts', message('a', 'b'), [text('a'), text('b')]],
    ['a message that is a text', { type: 'message', content: 'a' }, [text('a')]],
    ['a message without content', { type: 'message', content: null }, []],
    ['a message of parts that are none', { type: 'message', content: [null, 'a', { text: 7 }, {}] }, []],
    ['a refusal', { type: 'message', content: [{ type: 'refusal', refusal: 'a' }] }, [text('a')]],
    [
      'a call',
      call('{"x":1}'),
      [
        { type: 'tool-call', id: 'a', name: 'f' },
        { type: 'tool-input', id: 'a', text: '{"x":1}' },
      ],
    ],
    [
      'a summary',
      reasoning({ summary: [{ text: 'a' }, { text: 'b' }] }),
      [thought('a'), thought('\n\n'), thought('b')],
    ],
    ['reasoning', reasoning({ summary: [], content: [{ text: 'a' }] }), [thought('a')]],
    [
      'a summary rather than the reasoning',
      reasoning({ summary: [{ text: 'a' }], content: [{ text: 'b' }] }),
      [thought('a')],
    ],
    ['a seal', reasoning({ encrypted_content: 's' }), [thought('', { id: 'rs_1', sealed: 's' })]],
    ['a seal without an id', { type: 'reasoning', encrypted_content: 's' }, [thought('', { sealed: 's' })]],
    ['a call without arguments', call('{}'), [{ type: 'tool-call', id: 'a', name: 'f' }]],
    ['an empty seal', reasoning({ encrypted_content: '' }), []],
  ])('is read at its end, and in the final response, once: %s', (_name, item, events) => {
    expect(contentOf(done(item) + completed())).toEqual(events)
    expect(contentOf(completed([item]))).toEqual(events)
    expect(
      contentOf(
        added({ ...item, content: [], summary: [], encrypted_content: null, arguments: '' }) +
          done(item) +
          completed([item]),
      ),
    ).toEqual(events)
  })

  test('is the reasoning when its pieces were, and the summary when they were', () => {
    const item = reasoning({ summary: [{ text: 'sum' }], content: [{ text: 'all' }] })
    const reason = at('reasoning_text.delta', { delta: 'a' })
    const summary = at('reasoning_summary_text.delta', { delta: 's' })
    for (const end of [done(item) + completed(), completed([item]), done(item) + completed([item])]) {
      expect(contentOf(reason + end)).toEqual([thought('a'), thought('ll')])
      expect(contentOf(summary + end)).toEqual([thought('s'), thought('um')])
    }
  })

  test('is nothing when it is not an object', () => {
    const none = event('response.output_item.added', { item: 'a' }) + event('response.output_item.done', { item: null })
    expect(contentOf(none + event('response.other', { item: message('a') }) + completed())).toEqual([])
    expect(contentOf(event('response.completed', response({ output: ['a', null, message('b')] })))).toEqual([text('b')])
    expect(contentOf(event('response.completed', response({ output: 'a' })))).toEqual([])
  })

  test('that refuses ends the answer as a refusal', () => {
    const refused = { type: 'message', content: [{ type: 'refusal', refusal: 'No.' }] }
    const empty = { type: 'message', content: [{ type: 'refusal', refusal: '' }] }
    expect(read(created + done(refused) + completed()).events.at(-1)).toEqual(finish('content-filter'))
    expect(read(created + done(refused) + done(call('{}'), 1) + completed()).events.at(-1)).toEqual(
      finish('content-filter'),
    )
    expect(read(created + done(empty) + completed()).events.at(-1)).toEqual(finish())
    expect(read(created + done(call('{}')) + completed()).events.at(-1)).toEqual(finish('tool-calls'))
  })
})

describe('the status of a response', () => {
  const document = (fields: object): Decoded => read(JSON.stringify(response(fields).response), 'application/json')
  const ended = (type: string, fields: object = {}): Decoded =>
    read(created + delta('a') + event(`response.${type}`, response(fields)))

  test.each(['queued', 'in_progress', 'cancelled', 'Something'])('%s of a document is no end', (status) => {
    expect(document({ status }).failure).toEqual({
      code: 'truncated',
      message: `the response ended as "${status.toLowerCase()}"`,
    })
  })

  test.each(['queued', 'in_progress', 'IN_PROGRESS', 'completed', null])(
    '%j in the last event may be an old one',
    (status) => {
      expect(ended('completed', { status }).events.at(-1)).toStrictEqual({ type: 'finish', reason: 'stop' })
    },
  )

  test('is that of the event where it says more than completed', () => {
    expect(ended('cancelled').failure).toEqual({ code: 'truncated', message: 'the response ended as "cancelled"' })
    expect(ended('failed').failure?.message).toBe('the endpoint reports: the response failed')
    expect(ended('incomplete').events.at(-1)).toEqual(finish('other'))
    expect(ended('completed', { status: 'failed', error: 'no room' }).failure?.message).toBe(
      'the endpoint reports: no room',
    )
    expect(ended('completed', { status: 'incomplete' }).events.at(-1)).toEqual(finish('other'))
  })

  test('may be missing with the response', () => {
    expect(read(created + delta('a') + event('response.completed')).events.at(-1)).toEqual(finish())
  })
})

describe('an answer begins', () => {
  test('once, with what it names', () => {
    for (const type of ['response.created', 'response.queued', 'response.in_progress']) {
      const { events } = read(
        event(type, response()) + event('response.in_progress', response({ id: 'x' })) + completed(),
      )
      expect(events).toStrictEqual([start, finish()])
    }
    const unnamed = event('response.created', response({ id: '', model: '' })) + completed()
    expect(read(unnamed).events[0]).toStrictEqual({ type: 'start' })
    expect(read(event('response.created', response({ id: 7, model: 7 }))).events[0]).toStrictEqual({ type: 'start' })
  })

  test.each([
    ['', 'malformed', 'the answer has no event of this dialect'],
    ['data: {}\n\n', 'malformed', 'the answer has no event of this dialect'],
    ['data: [DONE]\n\n', 'malformed', 'the answer has no event of this dialect'],
    ['data: {}\n\ndata: {}\n\n', 'truncated', 'the answer broke off before response.completed'],
    ['data: {"type":"ping"}\n\n', 'truncated', 'the answer broke off before response.completed'],
    ['event: ping\ndata: {}\n\n', 'truncated', 'the answer broke off before response.completed'],
    [created, 'truncated', 'the answer broke off before response.completed'],
  ])('in this dialect, or not: %j', (body, code, words) => {
    expect(read(body).failure).toEqual({ code, message: words })
  })

  test('with the ids that it makes up', () => {
    const named = event('response.created', response({ id: 'resp-0123456789.abcdefghij_klmnopqrst' }))
    const { events } = read(named + done(call('{}', { call_id: '' })) + completed())
    expect(events[1]).toMatchObject({ id: 'call_789abcdefghij_klmnopqrst_0' })
  })
})
