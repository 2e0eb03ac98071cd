import type { Frame } from '@rivulet/core/provider'
import { expect, test } from 'vitest'
import { messages } from '../../src/index.ts'
import { block, delta, done, end, piece, say, start, stop, tool } from '../support/decoding.ts'

type Message = Record<string, unknown> & { type: string }

/** The label of each frame, given as its message, or as its name and its data. */
function labelsOf(...sent: (Message | [event: string | undefined, data: string])[]): unknown[] {
  const decoder = messages()
    .open({ model: 'm', messages: [] })
    .decode(() => undefined)
  return sent.map((one) => {
    const [event, data] = Array.isArray(one) ? one : [one.type, JSON.stringify(one)]
    const buffer = Buffer.from(data)
    const frame: Frame = {
      event,
      buffer,
      start: 0,
      end: buffer.length,
      text: (from = 0, to = buffer.length) => buffer.toString('utf8', from, to),
    }
    decoder.push(frame)
    return decoder.label ?? 'as-is'
  })
}
const text = block(0, { type: 'text', text: '' })

test('every frame of a usual answer may pass, and its reason to stop ends it', () => {
  const thinking = [block(0, { type: 'thinking', thinking: '', signature: '' }), end(0)]
  const search = [
    block(1, { type: 'server_tool_use', id: 's', name: 'f', input: {} }),
    piece('{}', 1),
    end(1),
    block(2, { type: 'web_search_tool_result', tool_use_id: 's', content: [] }),
    end(2),
  ]
  const calls = [block(3, tool()), piece('{"x":', 3), piece('1}', 3), end(3)]
  const content = [start(), { type: 'ping' }, ...thinking, ...search, ...calls]
  expect(new Set(labelsOf(...content))).toEqual(new Set(['as-is']))
  expect(labelsOf(...content, stop('tool_use')).at(-1)).toBe('end')
  expect(labelsOf(start(), text, say('a'), say('b'), say('c'), stop('pause_turn'), done)).toEqual([
    'as-is',
    'as-is',
    'as-is',
    'as-is',
    'as-is',
    'end',
    'as-is',
  ])
})

test.each<[string, Parameters<typeof labelsOf>]>([
  ['a call without an id', [start(), block(0, tool(''))]],
  ['a call with an id that another has', [start(), block(0, tool()), piece('{}'), end(0), block(1, tool())]],
  ['arguments that came with the start of the call', [start(), block(0, tool('a', { x: 1 })), end(0)]],
  ['arguments after the stop of their call', [start(), block(0, tool()), end(0), piece('{}')]],
  ['a text without the start of its block', [start(), say('a')]],
  [
    'a second text, read by the fast path, without the name of its event',
    [start(), text, say('a'), [undefined, JSON.stringify(say('b'))]],
  ],
  ['a message that is known by the name of its event alone', [start(), ['content_block_delta', '{"index":0}']]],
  ['a reason to stop that the vendor does not have', [start(), text, say('a'), stop('stop')]],
  ['a reason to stop that forgets a call', [start(), block(0, tool()), end(0), stop('end_turn')]],
  ['a reason to stop that names a call that never came', [start(), text, say('a'), stop('tool_use')]],
  ['the end mark of another dialect', [start(), text, say('a'), stop('end_turn'), [undefined, '[DONE]']]],
  ['a block that is none', [start(), { type: 'content_block_start', index: 0, content_block: 'a' }]],
  ['a frame that is no object', [start(), ['content_block_delta', '[]']]],
  ['a frame that can’t be read', [start(), ['content_block_delta', '{"x']]],
  ['content inside the start of the message', [{ type: 'message_start', message: { content: 'Hi' } }]],
])('a frame is mended: %s', (_what, sent) => {
  expect(labelsOf(...sent).at(-1)).toBe('mended')
})

test.each([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'pause_turn',
  'compaction',
  'refusal',
  'model_context_window_exceeded',
])('the vendor’s reason to stop is the end: %s', (reason) => {
  expect(labelsOf(start(), text, say('a'), stop(reason), done).slice(-2)).toEqual(['end', 'as-is'])
})

test.each(['max_tokens', 'refusal', 'model_context_window_exceeded'])(
  'a reason that cuts a call is the end, whether it is whole or not: %s',
  (reason) => {
    for (const json of ['{}', '{"x']) {
      expect(labelsOf(start(), block(0, tool()), piece(json), end(0), stop(reason)).at(-1)).toBe('end')
    }
  },
)

test('a document is as it is, unless its reason is not what its content says', () => {
  const whole = { ...start().message, content: [{ type: 'text', text: 'a' }, tool('t1', { x: 1 })] }
  const labelOf = (fields: object): unknown => labelsOf([undefined, JSON.stringify({ ...whole, ...fields })]).at(-1)
  expect(labelOf({ stop_reason: 'tool_use' })).toBe('as-is')
  for (const stop_reason of ['end_turn', 'tool_calls', null]) expect(labelOf({ stop_reason })).toBe('mended')
  expect(labelOf({ stop_reason: 'tool_use', type: undefined })).toBe('mended')
  expect(labelOf({ stop_reason: 'tool_use', content: [tool('')] })).toBe('mended')
  expect(labelOf({ stop_reason: 'tool_use', content: [tool(''), tool('t2')] })).toBe('mended')
})

test('a delta of no text is as it is', () => {
  expect(
    labelsOf(
      start(),
      block(0, { type: 'thinking', thinking: '' }),
      delta(0, { type: 'signature_delta', signature: 's' }),
    ).at(-1),
  ).toBe('as-is')
})
