import type { FrameLabel, TextTool } from '@rivulet/core'
import { type DecodedEvent, type Frame, sseFraming } from '@rivulet/core/provider'
import { expect, test } from 'vitest'
import { decode } from '../../src/client/decode-answer.ts'
import { calling, named, piece } from '../support/calls.ts'
import { chunk, done, say, stream } from '../support/decoding.ts'

/** What each frame is for a client of the dialect, as `httpProvider()` finds it. */
const labelsOf = (...chunks: (object | string)[]): FrameLabel[] => labelsWith([], chunks)

/** The same, where these text tools were sent as functions. */
function labelsWith(carried: readonly TextTool[], chunks: readonly (object | string)[]): FrameLabel[] {
  const labels: FrameLabel[] = []
  let hasFinished = false
  const decoder = decode(
    (event: DecodedEvent) => {
      hasFinished ||= event.type === 'finish'
    },
    {},
    carried,
  )
  const sink = sseFraming()({
    push(frame: Frame) {
      const couldEnd = decoder.mayEnd === true
      decoder.push(frame)
      labels.push(decoder.label ?? (hasFinished || (decoder.mayEnd === true && !couldEnd) ? 'end' : 'as-is'))
    },
    end() {
      decoder.end()
    },
  })
  sink.push(Buffer.from(stream(...chunks)))
  return labels
}

const role = chunk({ role: 'assistant', content: '' })
const usage = { id: 'c1', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } }
const begins = named('f', '', { index: 0, id: 'a' })

test.each<[string, (object | string)[], FrameLabel[]]>([
  ['OpenAI sends it', [role, say('a'), say('b'), done(), usage], ['as-is', 'as-is', 'as-is', 'end', 'usage', 'end']],
  ['no content comes', [role, done()], ['as-is', 'end', 'end']],
  ['a chunk has no choices', [role, { id: 'c1', choices: [] }, done()], ['as-is', 'as-is', 'end', 'end']],
  ['its limit cut it', [say('a'), done('length')], ['as-is', 'end', 'end']],
  ['a filter cut it', [say('a'), done('content_filter')], ['as-is', 'end', 'end']],
  [
    'it calls tools',
    [
      role,
      calling(begins),
      calling(piece('{"x":', { index: 0 })),
      calling(piece('1}', { index: 0 })),
      calling(named('g', '{}', { index: 1, id: 'b' })),
      done('tool_calls'),
    ],
    ['as-is', 'as-is', 'as-is', 'as-is', 'as-is', 'end', 'end'],
  ],
  [
    'it calls a text tool',
    [
      chunk({ tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: '' } }] }),
      chunk({ tool_calls: [{ index: 0, custom: { input: 'null' } }] }),
      done('tool_calls'),
    ],
    ['as-is', 'as-is', 'end', 'end'],
  ],
  [
    'it calls a tool and says the id of the call with each piece',
    [calling(begins), calling(piece('{}', { index: 0, id: 'a' })), done('tool_calls')],
    ['as-is', 'as-is', 'end', 'end'],
  ],
  ['it thinks', [chunk({ reasoning_content: 'hm' }), say('a'), done()], ['as-is', 'as-is', 'end', 'end']],
])('frames pass as they are where %s', (_what, chunks, labels) => {
  expect(labelsOf(...chunks)).toEqual(labels)
})

test.each<[string, (object | string)[], FrameLabel[]]>([
  ['a call without an id', [calling(named('f', '{}', { index: 0 })), done('tool_calls')], ['mended', 'end', 'end']],
  ['a call without an index', [calling(named('f', '{}', { id: 'a' })), done('tool_calls')], ['mended', 'end', 'end']],
  [
    'two calls with one index',
    [
      calling(named('f', '{}', { index: 0, id: 'a' })),
      calling(named('g', '{}', { index: 0, id: 'b' })),
      done('tool_calls'),
    ],
    ['as-is', 'mended', 'end', 'end'],
  ],
  [
    'a name that comes once more with arguments',
    [calling(begins), calling(named('f', '{}', { index: 0 })), done('tool_calls')],
    ['as-is', 'mended', 'end', 'end'],
  ],
  [
    'arguments with another id than that of their call',
    [calling(begins), calling(piece('{}', { index: 0, id: 'b' })), done('tool_calls')],
    ['as-is', 'mended', 'end', 'end'],
  ],
  [
    'arguments at the index of another call',
    [
      calling(named('f', '{}', { index: 0, id: 'a' })),
      calling(named('g', '')),
      calling(piece('{}', { index: 0 })),
      done('tool_calls'),
    ],
    ['as-is', 'mended', 'mended', 'end', 'end'],
  ],
  [
    'arguments that are an object',
    [calling(named('f', { x: 1 }, { index: 0, id: 'a' })), done('tool_calls')],
    ['mended', 'end', 'end'],
  ],
  [
    'the word null before arguments',
    [calling(begins), calling(piece('null', { index: 0 })), calling(piece('{}', { index: 0 })), done('tool_calls')],
    ['as-is', 'mended', 'as-is', 'end', 'end'],
  ],
  [
    'arguments in a string, which come at the end',
    [calling(begins), calling(piece('"{}"', { index: 0 })), done('tool_calls')],
    ['as-is', 'mended', 'end', 'mended'],
  ],
  [
    'stop after a call',
    [calling(named('f', '{}', { index: 0, id: 'a' })), done('stop')],
    ['as-is', 'mended', 'mended'],
  ],
  ['tool_calls after text alone', [say('a'), done('tool_calls')], ['as-is', 'mended', 'mended']],
  ['a reason of its own', [say('a'), done('eos')], ['as-is', 'mended', 'mended']],
  [
    'a reason beside content',
    [say('a'), chunk({ content: 'b' }, { finish_reason: 'stop' })],
    ['as-is', 'mended', 'mended'],
  ],
  ['a reason twice', [say('a'), done(), done('length')], ['as-is', 'end', 'mended', 'mended']],
  ['no reason', [say('a')], ['as-is', 'mended']],
  ['no reason and no content', [role], ['as-is', 'mended']],
  [
    'a message beside a delta',
    [{ choices: [{ delta: { content: 'a' }, message: { content: 'a' } }] }, done()],
    ['mended', 'end', 'end'],
  ],
  [
    'a reason beside content in a form of its own',
    [say('a'), chunk({ content: [] }, { finish_reason: 'stop' })],
    ['as-is', 'mended', 'mended'],
  ],
  ['content in parts', [chunk({ content: [{ type: 'text', text: 'a' }] }), done()], ['mended', 'end', 'end']],
  ['a message in place of a delta', [{ choices: [{ message: { content: 'a' } }] }], ['mended', 'mended']],
  ['a frame that is not JSON', [say('a'), 'x', done()], ['as-is', 'mended', 'end', 'end']],
  ['a comment as data', [': ping', say('a'), done()], ['mended', 'as-is', 'end', 'end']],
])('a frame is mended that a client would read otherwise: %s', (_what, chunks, labels) => {
  expect(labelsOf(...chunks)).toEqual(labels)
})

test('content after a reason takes the end back', () => {
  expect(labelsOf(say('a'), done(), say('b'), done())).toEqual(['as-is', 'end', 'as-is', 'end', 'end'])
})

test('calls of a text tool that was sent as a function are mended, piece by piece', () => {
  const chunks = [
    calling(begins),
    calling(piece('{"inp', { index: 0 })),
    calling(piece('ut":"a"}', { index: 0 })),
    calling(named('g', '{}', { index: 1, id: 'b' })),
    done('tool_calls'),
  ]
  expect(labelsWith([{ type: 'text', name: 'f' }], chunks)).toEqual([
    'mended',
    'mended',
    'mended',
    'as-is',
    'end',
    'end',
  ])
})
