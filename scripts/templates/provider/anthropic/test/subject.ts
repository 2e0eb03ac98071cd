import { type AnswerFixture, anthropicVariants, fixturesIn, type Subject, withoutLines } from '@rivulet/testkit'
import { __camel__ } from '../src/index.ts'

const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

/** The request that carries this key. */ //? auth
export const sent = (key: string) => ({ //? auth
  method: 'POST', //? auth
  url: '__url__/v1/messages', //? auth
  headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' }, //? auth
}) //? auth
/** The request. */ //? none
export const sent = () => ({ method: 'POST', url: '__url__/v1/messages' }) //? none

const whole = (name: string, text = ''): AnswerFixture => ({
  ...fixture(name),
  text,
  startMark: '"type":"message_start"',
  endMark: '"type":"message_stop"',
})
const text = whole('text.sse', 'Grüße "an alle" 🌊\n.')
const onePiece: AnswerFixture = { ...fixture('one-piece.json'), text: 'Grüße', reasoning: 'They greet.', endMark: true }

/** __Name__ under the laws: `pnpm truth` finds it here. TODO: recorded answers in fixtures/; see its SOURCES.md. */
export const subject: Subject = {
  name: '__Name__',
  provider: (options) => __camel__({ apiKey: 'a-secret-key', ...options }), //? auth
  provider: (options) => __camel__(options), //? none
  secrets: ['a-secret-key'], //? auth
  request: { model: '__name__-1', messages: [{ role: 'user', content: 'Hello' }] },
  answers: {
    ...anthropicVariants(text, onePiece),
    text,
    onePiece,
    reasoning: { ...whole('reasoning.sse', 'Grüße'), reasoning: 'They greet.' },
    toolCall: {
      ...whole('tool-call.sse', 'I look.'),
      toolCalls: [{ type: 'tool-call', id: 'toolu_1', name: 'get_weather', input: '{"city": "Åre"}' }],
    },
    cutToolCall: withoutLines(fixture('tool-call.sse'), 'Åre'),
    empty: whole('empty.sse'),
    more: {
      'structured output': whole('structured-output.sse', '{"city":"Bern"}'),
      'a refusal': whole('refusal.sse', 'Hello..'),
    },
    errorFirst: { ...fixture('error-first.sse'), code: 'overloaded' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'overloaded' },
  },
}
