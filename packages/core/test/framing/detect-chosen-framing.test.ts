import { expect, test } from 'vitest'
import { detectFraming } from '../../src/framing/detect.ts'
import { bytesOf, dataOf } from '../support/frames.ts'

test.each(['{"error":"busy"}', '[{"error":"busy"}]', '<html>busy</html>'])(
  'a bare line in server-sent events is a message of its own: %s',
  (line) => {
    expect(dataOf(detectFraming('text/event-stream'), [bytesOf(`data: 1\n\n${line}\n`)])).toEqual(['1', line])
  },
)

test('a limit above the default holds for a document that is chosen at the end of the body', () => {
  const document = `{${' '.repeat(17_000_000)}}`
  expect(dataOf(detectFraming('', { maxFrameBytes: 20_000_000 }), [bytesOf(document)])).toHaveLength(1)
})
