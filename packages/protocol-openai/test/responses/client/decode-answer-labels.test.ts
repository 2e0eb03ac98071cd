import { type DecodedEvent, sseFraming } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { decode } from '../../../src/responses/client/decode-answer.ts'
import { added, completed, created, delta, done, call, event, input, message, response, start } from './events.ts'

describe('a frame is mended for a client of the same dialect', () => {
  /** The label of each frame. */
  const labelsOf = (...frames: string[]): (string | undefined)[] => {
    const events: DecodedEvent[] = []
    const decoder = decode((each) => events.push(each))
    const labels: (string | undefined)[] = []
    const framing = sseFraming()({
      push(frame) {
        decoder.push(frame)
        labels.push(decoder.label)
      },
      end: () => undefined,
    })
    for (const frame of frames) framing.push(Buffer.from(frame))
    expect(events[0]).toEqual(start)
    return labels
  }
  const whole = message('Hi')

  test.each<[string, string[], (string | undefined)[]]>([
    [
      'not when it is as the vendor writes it',
      [delta('Hi'), done(whole), completed([whole])],
      [undefined, undefined, undefined],
    ],
    ['not when it is a whole answer', [`data: ${JSON.stringify(response({ type: 7 }).response)}\n\n`], [undefined]],
    ['when it is not JSON', ['data: words\n\n', delta('Hi')], ['mended', undefined]],
    ['when it is no object', ['data: ["words"]\n\n', delta('Hi')], ['mended', undefined]],
    ['when it has no type', ['data: {"delta":"Hi"}\n\n', delta('Hi')], ['mended', undefined]],
    ['when only its event has a type', [`event: response.output_text.delta\ndata: {"delta":"Hi"}\n\n`], ['mended']],
    [
      'when a call has no id, and all that follow',
      [added(call('', { call_id: '' })), input('{}')],
      ['mended', 'mended'],
    ],
    ['when the end leaves out items', [added(whole), done(whole), completed()], [undefined, undefined, 'mended']],
    [
      'not when the end has its own name',
      [event('response.incomplete', response({ status: 'incomplete' }))],
      [undefined],
    ],
    ['when the end has no output', [event('response.completed', response({ output: null }))], ['mended']],
    ['when the end has another name', [event('response.done', response({ output: [whole] }))], ['mended']],
    [
      'when the end says that the answer goes on',
      [event('response.completed', response({ status: 'in_progress' }))],
      ['mended'],
    ],
  ])('%s', (_what, frames, labels) => {
    expect(labelsOf(created, ...frames).slice(1)).toEqual(labels)
  })
})
