import { anyText } from '../../../../scripts/any-text.ts'
import type { ChatEvent } from '@rivulet/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { StreamWriter } from '../../src/server/stream-writer.ts'
import { WireAnswer } from '../../src/server/wire-answer.ts'

/** Includes characters that JSON escapes, halves of emoji, and texts too long for the scan letter by letter. */
const texts = fc.oneof(
  anyText({ maxLength: 6 }),
  fc.constantFrom('', 'a', '"', '\\', '\n', '\u0000', '\u001f', '\u007f', '\u2028', '🌊', '\ud83c', '\udf0a', '}}\n\n'),
  anyText({ minLength: 60, maxLength: 70 }),
)

const ids = fc.constantFrom('a', 'b')
const events: fc.Arbitrary<ChatEvent> = fc.oneof(
  { weight: 4, arbitrary: texts.map((text): ChatEvent => ({ type: 'text', text })) },
  { weight: 3, arbitrary: texts.map((text): ChatEvent => ({ type: 'reasoning', text })) },
  {
    weight: 3,
    arbitrary: fc.tuple(ids, texts).map(([id, json]): ChatEvent => ({ type: 'tool-input', id, text: json })),
  },
  ids.map((id): ChatEvent => ({ type: 'tool-call', id, name: `f_${id}` })),
  fc
    .tuple(ids, fc.constantFrom('{', '{"x":', '1}', '{}'))
    .map(([id, json]): ChatEvent => ({ type: 'tool-input', id, text: json })),
  texts.map((text): ChatEvent => ({ type: 'reasoning', text, signature: 's' })),
  fc.constantFrom<ChatEvent>(
    { type: 'reasoning', text: '', sealed: 'c2VhbA==' },
    { type: 'start', provider: 'p', model: 'm', id: 'c1' },
    { type: 'raw', dialect: 'another', label: 'as-is', data: '{}' },
    { type: 'resume', from: 'a', reason: 'truncated', message: 'broke off' },
    { type: 'finish', reason: 'stop' },
  ),
)

const OPTIONS = { id: 'msg_1', model: 'm', seal: false }

/** The oracle: the messages of every event, each written by JSON.stringify. */
function plainly(): (event: ChatEvent) => string {
  const answer = new WireAnswer(OPTIONS)
  return (event) =>
    answer
      .messagesOf(event)
      .map((message) => `event: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`)
      .join('')
}

test('the fast path writes exactly the messages of an event, in any order of events', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 20 }), (drawn) => {
      const writer = new StreamWriter(OPTIONS)
      expect(drawn.map((event) => writer.write([event]))).toEqual(drawn.map(plainly()))
    }),
    { numRuns: 5_000 },
  )
})
