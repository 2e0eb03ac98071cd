import type { DecodedEvent } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { OutputItems } from '../../../src/responses/client/output-items.ts'
import { added, call, done, message, reasoned, type Step, summed, thought, words } from './items-said.ts'

/** What these events say, and the final response with this output, if there is one. */
function eventsOf(steps: readonly Step[], output?: readonly unknown[]): DecodedEvent[] {
  const events: DecodedEvent[] = []
  const items = new OutputItems((event) => events.push(event))
  for (const [type, fields = {}, key = '#0'] of steps) items.read(`response.${type}`, key, { ...fields })
  if (output !== undefined) items.end({ output }, false)
  return events
}

const native = (value: object): object => ({ type: 'native', dialect: 'openai-responses', value })
const text = (piece: string): object => ({ type: 'text', text: piece })

describe('an item that only this dialect has a word for', () => {
  const search = { type: 'web_search_call', id: 'ws_1' }
  const other = { type: 'something_new', id: 'sn_1' }

  test('is given as it is when it ends, or else by the final response', () => {
    expect(eventsOf([added(search)])).toEqual([])
    expect(eventsOf([added(search), done(search)])).toEqual([native(search)])
    expect(eventsOf([], [search, other])).toEqual([native(search), native(other)])
    expect(eventsOf([done(search)], [search])).toEqual([native(search)])
    expect(eventsOf([done(search)], [search, other])).toEqual([native(search), native(other)])
    expect(eventsOf([done(search), done(other, 1)], [search, other])).toEqual([native(search), native(other)])
  })

  test('has a type', () => {
    for (const type of [undefined, null, 7]) expect(eventsOf([done({ type, id: 'x' })], [{ type }])).toEqual([])
  })
})

describe('the phase of a message', () => {
  const phased = { type: 'message', phase: 'commentary', content: [words('a')] }
  const phase = native({ type: 'message', phase: 'commentary' })

  test('is given before its text, once', () => {
    const said: Step[] = [added({ ...phased, content: [] }), ['output_text.delta', { delta: 'a' }], done(phased)]
    expect(eventsOf(said)).toEqual([phase, text('a')])
    expect(eventsOf(said, [phased])).toEqual([phase, text('a')])
    expect(eventsOf([], [phased])).toEqual([phase, text('a')])
  })

  test('is a text, and of a message only', () => {
    for (const wrong of [undefined, null, 7]) expect(eventsOf([added({ ...phased, phase: wrong })])).toEqual([])
    expect(eventsOf([added({ ...thought({}), phase: 'commentary' })])).toEqual([])
  })
})

describe('a citation', () => {
  const [one, two] = ['url_citation', 'file_citation'].map((type) => ({ type, title: 'A' })) as [object, object]
  const cited = (...annotations: unknown[]): object => ({ ...words('a'), annotations })
  const add = (annotation: unknown, content_index?: number): Step => [
    'output_text.annotation.added',
    { content_index, annotation },
  ]
  const partDone = (...annotations: unknown[]): Step => ['content_part.done', { part: cited(...annotations) }]

  test('is given where it comes first, after the text that it belongs to', () => {
    expect(eventsOf([add(one)])).toEqual([native(one)])
    expect(eventsOf([partDone(one, two)])).toEqual([text('a'), native(one), native(two)])
    expect(eventsOf([done(message([cited(one)]))])).toEqual([text('a'), native(one)])
    expect(eventsOf([], [message([cited(one, two)])])).toEqual([text('a'), native(one), native(two)])
  })

  test('is given once, however often it comes', () => {
    const all = message([cited(one, two)])
    const said: Step = ['output_text.delta', { delta: 'a' }]
    const once = [text('a'), native(one), native(two)]
    expect(eventsOf([said, add(one), partDone(one, two), done(all)], [all])).toEqual(once)
    expect(eventsOf([said, add(one), add(two)], [all])).toEqual(once)
    expect(eventsOf([done(message([cited(one)]))], [all])).toEqual([text('a'), native(one), native(two)])
  })

  test('may come twice in one part, and in each of several', () => {
    expect(eventsOf([add(one), add(one)])).toEqual([native(one), native(one)])
    const parts = message([cited(one), cited(two)])
    expect(eventsOf([add(one, 0), add(two, 1), done(parts)], [parts])).toEqual([
      native(one),
      native(two),
      text('a'),
      text('a'),
    ])
    expect(eventsOf([add(one, 0), done(parts)])).toEqual([native(one), text('a'), text('a'), native(two)])
  })

  test('is of a known type, in a list', () => {
    for (const nothing of [null, 'url_citation', 7, {}, { type: 'new' }]) {
      expect(eventsOf([add(nothing), partDone(nothing)], [message([cited(nothing)])])).toEqual([text('a')])
    }
    for (const annotations of [undefined, null, 'a', { 0: one }]) {
      expect(eventsOf([done(message([{ ...words('a'), annotations }]))])).toEqual([text('a')])
    }
    expect(eventsOf([done(message([null, 'a', cited(one)]))])).toEqual([text('a'), native(one)])
  })
})

describe('a call of a tool of text', () => {
  const custom = (input: string): object => ({ type: 'custom_tool_call', call_id: '1', name: 'f', input })
  const begun = { type: 'tool-call', id: '1', name: 'f', format: 'text' }
  const input = (piece: string): object => ({ type: 'tool-input', id: '1', text: piece })

  test('has any text as its input, in pieces or whole', () => {
    const pieces: Step[] = [
      added(custom('')),
      ['custom_tool_call_input.delta', { delta: '{' }],
      ['custom_tool_call_input.done', { input: '{"' }],
      done(custom('{"')),
    ]
    expect(eventsOf(pieces, [custom('{"')])).toEqual([begun, input('{'), input('"')])
    expect(eventsOf([done(custom('{"'))])).toEqual([begun, input('{"')])
    expect(eventsOf([], [custom('{"')])).toEqual([begun, input('{"')])
  })

  test('is one of text before its item comes, and says the rest at the end of its input', () => {
    const piece: Step = ['custom_tool_call_input.delta', { delta: '{' }]
    const end: Step = ['custom_tool_call_input.done', { input: '{"' }]
    expect(eventsOf([piece, done(custom('{"'))])).toEqual([begun, input('{"')])
    expect(eventsOf([end, done(custom('{"'))])).toEqual([begun, input('{"')])
    expect(eventsOf([added(custom('')), piece, end])).toEqual([begun, input('{'), input('"')])
  })

  test('has no piece in what is no text', () => {
    for (const nothing of [undefined, null, 7]) {
      expect(eventsOf([added(custom('')), ['custom_tool_call_input.delta', { delta: nothing }]])).toEqual([begun])
    }
  })
})

test('a call of JSON whose empty arguments come before its item has none', () => {
  const end: Step = ['function_call_arguments.done', { arguments: '{}' }]
  expect(eventsOf([end, done(call('{}'))])).toEqual([{ type: 'tool-call', id: '1', name: 'f' }])
})

test('a seal of an item without an id has none', () => {
  expect(eventsOf([done(thought({ encrypted_content: 'S' }))])).toStrictEqual([
    { type: 'reasoning', text: '', sealed: 'S' },
  ])
})

describe('the id of a thought', () => {
  const sealed = { id: 'rs_1', encrypted_content: '' }
  const summary: Step = ['reasoning_summary_text.delta', { delta: 'a' }]

  test('is given where the thought will be sealed, and for that thought only', () => {
    expect(eventsOf([added(thought(sealed)), summary])).toStrictEqual([{ type: 'reasoning', text: 'a', id: 'rs_1' }])
    expect(eventsOf([added(thought({ id: 'rs_1' })), summary])).toStrictEqual([{ type: 'reasoning', text: 'a' }])
    expect(eventsOf([added(thought({ ...sealed, id: 7 })), summary])).toStrictEqual([{ type: 'reasoning', text: 'a' }])
    const next: Step = ['reasoning_text.delta', { delta: 'b' }, '#1']
    expect(eventsOf([added(thought(sealed)), done(thought(sealed)), next])).toStrictEqual([
      { type: 'reasoning', text: 'b' },
    ])
  })

  test('is that of the whole item, where its beginning had none', () => {
    const expected = [{ type: 'reasoning', text: 'a', id: 'rs_1' }]
    expect(eventsOf([done(thought({ ...sealed, ...summed('a') }))])).toStrictEqual(expected)
    expect(eventsOf([], [thought({ ...sealed, ...reasoned('a') })])).toStrictEqual(expected)
    const begun = added(thought({ ...sealed, id: 'rs_0' }))
    expect(eventsOf([begun, done(thought({ ...sealed, ...summed('a') }))])).toMatchObject([{ id: 'rs_0' }])
  })
})

test('an output is whole that repeats each item that has begun', () => {
  const items = new OutputItems(() => undefined)
  expect([[], [1], undefined, { length: 9 }].map((output) => items.isWhole(output))).toEqual([true, true, false, false])
  items.read('response.output_item.added', '', { output_index: 0, item: message([]) })
  items.read('response.output_item.added', '', { output_index: 1, item: { type: 'something_new' } })
  expect([[], [1], [1, 2], [1, 2, 3]].map((output) => items.isWhole(output))).toEqual([false, false, true, true])
})

test('a call without an id is renamed', () => {
  const items = new OutputItems(() => undefined)
  items.read('response.output_item.added', '', { output_index: 0, item: call('') })
  expect(items.hasRenamed).toBe(false)
  items.read('response.output_item.added', '', { output_index: 1, item: { ...call(''), call_id: '' } })
  expect(items.hasRenamed).toBe(true)
})
