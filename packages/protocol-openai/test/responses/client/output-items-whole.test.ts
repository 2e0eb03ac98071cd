import { describe, expect, test } from 'vitest'
import { OutputItems } from '../../../src/responses/client/output-items.ts'
import {
  added,
  call,
  DIFFERS,
  done,
  message,
  reasoned,
  refusal,
  saidBy,
  summed,
  thought,
  words,
  type Step,
} from './items-said.ts'

describe('an item', () => {
  test('says what its parts left out', () => {
    expect(saidBy([['output_text.delta', { delta: 'a' }], done(message([words('ab'), refusal('c')]))])).toEqual([
      'a',
      'b',
      'c',
    ])
    expect(saidBy([done(message('ab'))])).toEqual(['ab'])
    expect(saidBy([done(thought(summed('a', 'b')))])).toEqual(['[a]', '[\n\n]', '[b]'])
    expect(saidBy([done(thought(reasoned('a', 'b')))])).toEqual(['[a]', '[\n\n]', '[b]'])
  })

  test('that has both a summary and the reasoning says the one that was said, or else the summary', () => {
    const both = thought({ ...summed('s'), ...reasoned('r') })
    expect(saidBy([done(both)])).toEqual(['[s]'])
    expect(saidBy([['reasoning_text.delta', { delta: 'r' }], done(both)])).toEqual(['[r]'])
    expect(saidBy([['reasoning_summary_text.delta', { delta: 's' }], done(both)])).toEqual(['[s]'])
    expect(saidBy([], { output: [both] })).toEqual(['[s]'])
    expect(saidBy([['reasoning_text.delta', { delta: 'r' }]], { output: [both] })).toEqual(['[r]'])
    expect(saidBy([['reasoning_summary_text.delta', { delta: 's' }]], { output: [both] })).toEqual(['[s]'])
  })

  test('whose reasoning was said, and that has only a summary at its end, says both', () => {
    const item = thought(summed('s'))
    expect(saidBy([['reasoning_text.delta', { delta: 'r' }], done(item)])).toEqual(['[r]', '[s]'])
  })

  test('that ends with the number of one that has ended is another', () => {
    const one = (text: string): Step[] => [added(message([])), done(message([words(text)]))]
    expect(saidBy([...one('a'), ...one('b')])).toEqual(['a', 'b'])
    const thoughtful = (fields: object): Step[] => [added(thought({})), done(thought(fields))]
    expect(saidBy([...thoughtful(summed('a')), ...thoughtful(summed('b'))])).toEqual(['[a]', '[b]'])
    expect(saidBy([...thoughtful(reasoned('a')), ...thoughtful(reasoned('b'))])).toEqual(['[a]', '[b]'])
  })

  test('that only ends, with the number of one that has ended, is the same', () => {
    for (const [item, other, said] of [
      [message([words('a')]), message([words('b')]), 'a'],
      [thought(summed('a')), thought(summed('b')), '[a]'],
      [thought(reasoned('a')), thought(reasoned('b')), '[a]'],
    ]) {
      expect(saidBy([done(item), done(other)])).toEqual([said, DIFFERS])
      // One of another kind begins between them.
      expect(saidBy([done(item), added(call('{}')), done(other)]).at(-1)).toBe(DIFFERS)
    }
  })

  test('is known by its id where it has no number', () => {
    const at = (type: string, item: object): Step => [type, { item: { id: 'x', ...item } }]
    expect(
      saidBy([
        at('output_item.added', message([])),
        ['output_text.delta', { delta: 'a' }, 'x'],
        at('output_item.done', message('ab')),
      ]),
    ).toEqual(['a', 'b'])
  })

  test('that is a call is said with its arguments', () => {
    expect(
      saidBy([
        added(call('')),
        ['function_call_arguments.delta', { delta: '{"a"' }],
        ['function_call_arguments.done', { arguments: '{"a":1' }],
        done(call('{"a":1}')),
      ]).slice(0, 3),
    ).toEqual(['1=f', '1<{"a"', '1<:1'])
    expect(saidBy([done(call('{"a":1}'))])).toEqual(['1=f', '1<{"a":1}'])
    for (const nothing of [undefined, null, 7]) {
      expect(saidBy([['function_call_arguments.delta', { delta: nothing }]])).toEqual([])
    }
  })

  test('of another kind, or none, says nothing', () => {
    for (const item of [undefined, null, 'a', { type: 'other', content: [words('a')], ...summed('a'), name: 'f' }]) {
      expect(saidBy([added(item), done(item)], { output: [item] })).toEqual([])
    }
  })

  test('whose content is no list has none', () => {
    for (const nothing of [undefined, null, 7, {}, 'a']) {
      const item = thought({ summary: nothing, content: nothing })
      expect(saidBy([added(item), done(item)], { output: [item] })).toEqual([])
    }
    for (const nothing of [undefined, null, 7, {}]) {
      const item = message(nothing)
      expect(saidBy([added(item), done(item)], { output: [item] })).toEqual([])
    }
    expect(saidBy([done(message([null, 'a', 7, {}, { text: 7 }]))])).toEqual([])
  })
})

describe('a seal', () => {
  const sealed = thought({ encrypted_content: 'S', id: 'rs_1' })

  test('is said after the thought, with the id of its item', () => {
    expect(saidBy([done(thought({ ...summed('a'), encrypted_content: 'S', id: 'rs_1' }))])).toEqual([
      '[a]',
      '<S {"type":"reasoning","id":"rs_1"}>',
    ])
    expect(saidBy([done(thought({ encrypted_content: 'S', id: 7 }))])).toEqual(['<S {"type":"reasoning"}>'])
  })

  test('of each item is said once, by the item or else by the final response', () => {
    const seal = '<S {"type":"reasoning","id":"rs_1"}>'
    expect(saidBy([], { output: [sealed] })).toEqual([seal])
    expect(saidBy([done(sealed)], { output: [sealed] })).toEqual([seal])
    expect(saidBy([done(sealed)], { output: [sealed, sealed] })).toEqual([seal, seal])
    expect(saidBy([done(sealed), done(sealed, 1)], { output: [sealed, sealed] })).toEqual([seal, seal])
  })

  test('that is no text is none', () => {
    for (const encrypted_content of [undefined, null, '', 7]) {
      expect(saidBy([done(thought({ encrypted_content }))], { output: [thought({ encrypted_content })] })).toEqual([])
    }
  })
})

describe('the final response', () => {
  const said: Step[] = [['output_text.delta', { delta: 'a' }]]

  test('says what the events left out', () => {
    expect(saidBy(said, { output: [message([words('ab')])] })).toEqual(['a', 'b'])
    expect(saidBy([], { output: [thought(summed('t')), message('a'), call('{}')] })).toEqual(['[t]', 'a', '1=f'])
    expect(saidBy([], { output: [thought(reasoned('t'))] })).toEqual(['[t]'])
  })

  test('may have no output', () => {
    for (const output of [undefined, null, [], {}, 'a']) expect(saidBy(said, { output })).toEqual(['a'])
    expect(saidBy(said, { output: [null, 'a', 7] })).toEqual(['a'])
  })

  test.each([
    ['a text', said, message([words('b')])],
    ['a summary', [['reasoning_summary_text.delta', { delta: 'a' }]] as Step[], thought(summed('b'))],
    ['the reasoning', [['reasoning_text.delta', { delta: 'a' }]] as Step[], thought(reasoned('b'))],
  ])('may not differ from %s', (_what, steps, item) => {
    expect(saidBy(steps, { output: [item] }).at(-1)).toBe(DIFFERS)
  })

  test.each([
    ['a text', 'output_text.delta', message('a')],
    ['a summary', 'reasoning_summary_text.delta', thought(summed('a'))],
    ['the reasoning', 'reasoning_text.delta', thought(reasoned('a'))],
  ])('may not leave out the end of %s', (_what, type, item) => {
    expect(saidBy([[type, { delta: 'ab' }]], { output: [item] }).at(-1)).toBe(DIFFERS)
  })

  test('has the arguments of a call, which may be cut where the answer is', () => {
    expect(saidBy([], { output: [call('{"a"')] }).at(-1)).toBe('the arguments of tool call 1 broke off')
    expect(saidBy([], { output: [call('{"a"')] }, true)).toEqual(['1=f', '1<{"a"'])
  })

  test('has its text beside the output, where nothing else has it', () => {
    expect(saidBy([], { output_text: 'a' })).toEqual(['a'])
    expect(saidBy(said, { output_text: 'b' })).toEqual(['a'])
    expect(saidBy([], { output: [message('a')], output_text: 'b' })).toEqual(['a'])
    expect(saidBy([], { output_text: 7 })).toEqual([])
  })

  test('leaves out the text that items and parts had when they began, where nothing else has it', () => {
    const part: Step = ['content_part.added', { part: words('b') }]
    expect(saidBy([added(message([words('a'), words('x')]))], {})).toEqual(['ax'])
    expect(saidBy([part], {})).toEqual(['b'])
    expect(saidBy([added(message([words('a')])), part], { output_text: 'c' })).toEqual(['ab'])
    expect(saidBy([added(message([words('a')])), part, ...said], { output_text: 'c' })).toEqual(['a'])
    expect(saidBy([added(thought(reasoned('a')))], {})).toEqual([])
  })
})

test('calls are counted, and the ids of those without one begin with the prefix', () => {
  const said: string[] = []
  const items = new OutputItems((event) => {
    if (event.type === 'tool-call') said.push(event.id)
  })
  expect(items.callCount).toBe(0)
  items.callPrefix = 'x'
  items.read('response.output_item.done', '', { output_index: 0, item: { type: 'function_call', name: 'f' } })
  expect(items.callCount).toBe(1)
  expect(said).toEqual(['x_0'])
})

test('other events say nothing', () => {
  expect(saidBy([['web_search_call.completed', { delta: 'a', text: 'a', part: words('a') }]], {})).toEqual([])
})
