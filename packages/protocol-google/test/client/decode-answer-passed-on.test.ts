import { detectFraming, sseFraming } from '@rivulet/core/provider'
import { decoded } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { decode } from '../../src/client/decode-answer.ts'
import { call, type Chunk, chunk, sse } from '../support/decoding.ts'

/** The events of an answer, without its start and its end. */
const eventsOf = (...chunks: Chunk[]): unknown[] =>
  decoded(sse(...chunks), detectFraming('text/event-stream'), decode).events.slice(1, -1)

describe('a part', () => {
  test.each([
    { executableCode: { language: 'PYTHON', code: 'print(1)' }, thoughtSignature: 's' },
    { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
    { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
    { toolCall: { toolType: 'GOOGLE_SEARCH_WEB', id: 't' } },
    { toolResponse: { toolType: 'GOOGLE_SEARCH_WEB', id: 't', response: {} } },
  ])('that only the dialect has a word for is kept as it is: %j', (value) => {
    expect(eventsOf({ parts: [{ text: 'one' }, value, { text: 'two' }], reason: 'STOP' })).toEqual([
      { type: 'text', text: 'one' },
      { type: 'native', dialect: 'gemini', value },
      { type: 'text', text: 'two' },
    ])
  })
})

test.each(['citationMetadata', 'groundingMetadata', 'urlContextMetadata'])(
  'what is said about the content is kept: %s',
  (name) => {
    const said = { [name]: { webSearchQueries: ['rivers'] } }
    expect(eventsOf({ text: 'Po.', reason: 'STOP', candidate: said })).toEqual([
      { type: 'text', text: 'Po.' },
      { type: 'native', dialect: 'gemini', value: said },
    ])
    for (const nothing of [null, 'a', 7, []]) {
      expect(eventsOf({ text: 'Po.', reason: 'STOP', candidate: { [name]: nothing } })).toHaveLength(1)
    }
  },
)

describe('the label of a frame', () => {
  /** The label of each frame. */
  const labelsOf = (...frames: string[]): unknown[] => {
    const decoder = decode(() => undefined)
    const labels: unknown[] = []
    const sink = sseFraming()({
      push(frame) {
        decoder.push(frame)
        labels.push(decoder.label)
      },
      end: () => undefined,
    })
    for (const frame of frames) sink.push(Buffer.from(frame))
    return labels
  }
  const usage = { more: { candidates: undefined, usageMetadata: { promptTokenCount: 1 } } }

  test('is none for one that may be passed on, in the fast path too', () => {
    const said = ['a', 'b', 'c'].map((text) => chunk({ text, more: { usageMetadata: { promptTokenCount: 1 } } }))
    expect(labelsOf(...said, chunk({ parts: [call('c')] }), chunk({ reason: 'STOP' }))).toEqual(
      Array.from({ length: 5 }, () => undefined),
    )
  })

  test('is usage for one that has nothing else', () => {
    expect(labelsOf(chunk({ text: 'a' }), chunk(usage))).toEqual([undefined, 'usage'])
    expect(labelsOf(chunk({ more: { candidates: [] } }))).toEqual(['usage'])
  })

  test.each([
    ['a call without an id', chunk({ parts: [call(undefined)] })],
    ['arguments as a string', chunk({ parts: [call('c', 'f', '{}')] })],
    ['a reason of another dialect', chunk({ text: 'a', reason: 'stop' })],
    ['a reason that clients do not know', chunk({ text: 'a', reason: 'FUNCTION_CALL' })],
    ['an end mark of another dialect', 'data: [DONE]\n\n'],
    ['a list of chunks', `data: [${chunk({ text: 'a' }).slice(6).trim()}]\n\n`],
    ['another candidate alone', chunk({ more: { candidates: [{ index: 1 }] } })],
    ['a second candidate', chunk({ more: { candidates: [{ index: 0 }, { index: 1 }] } })],
  ])('is mended for %s', (_what, frame) => {
    expect(labelsOf(frame)).toEqual(['mended'])
  })

  test('is mended for a second reason, and for a frame that cannot be read', () => {
    expect(labelsOf(chunk({ reason: 'STOP' }), chunk({ reason: 'STOP' }))).toEqual([undefined, 'mended'])
    expect(labelsOf(chunk({ reason: 'STOP' }), chunk({ text: 'a' }))).toEqual([undefined, undefined])
    expect(labelsOf(chunk({ text: 'a' }), 'data: 7\n\n')).toEqual([undefined, 'mended'])
  })
})
