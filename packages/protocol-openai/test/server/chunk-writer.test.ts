import { anyText } from '../../../../scripts/any-text.ts'
import type { ChatEvent } from '@rivulet/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chatCompletionsServer } from '../../src/index.ts'

/** Includes characters that JSON escapes, halves of emoji, and texts too long for the scan letter by letter. */
const texts = fc.oneof(
  anyText({ maxLength: 6 }),
  fc.constantFrom('', 'a', '"', '\\', '\n', '\u0000', '\u001f', '\u007f', '\u2028', '🌊', '\ud83c', '\udf0a', '}}\n\n'),
  anyText({ minLength: 60, maxLength: 70 }),
)

/** An event, and its delta. */
const said = fc.oneof(
  texts.map((text): [ChatEvent, object] => [{ type: 'text', text }, { content: text }]),
  texts.map((text): [ChatEvent, object] => [
    { type: 'reasoning', text },
    text === '' ? {} : { reasoning_content: text },
  ]),
  fc
    .tuple(fc.nat(1), texts)
    .map(([index, json]): [ChatEvent, object] => [
      { type: 'tool-input', id: `call ${index}`, text: json },
      { tool_calls: [{ index, function: { arguments: json } }] },
    ]),
)

test('an event is written exactly as JSON.stringify writes its chunk', () => {
  fc.assert(
    fc.property(texts, fc.array(said, { maxLength: 12 }), fc.boolean(), (model, drawn, includeUsage) => {
      const about = { id: 'c1', object: 'chat.completion.chunk', created: 1_795_132_800, model }
      const body = {
        model: 'm',
        messages: [{ role: 'user', content: 'Hello' }],
        stream: true,
        stream_options: { include_usage: includeUsage },
      }
      const answer = chatCompletionsServer().read({ path: '/', body }).answer(about)
      answer.write([{ type: 'start', provider: 'p', model }])
      answer.write([0, 1].map((index) => ({ type: 'tool-call', id: `call ${index}`, name: 'f' })))
      for (const [event, delta] of drawn) {
        const chunk = {
          ...about,
          choices: [{ index: 0, delta, finish_reason: null }],
          ...(includeUsage && { usage: null }),
        }
        expect(answer.write([event])).toBe(`data: ${JSON.stringify(chunk)}\n\n`)
      }
    }),
    { numRuns: 2_000 },
  )
})
