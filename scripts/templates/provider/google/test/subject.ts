import { type AnswerFixture, fixturesIn, geminiVariants, type Subject } from '@rivulet/testkit'
import { __camel__ } from '../src/index.ts'

const fixture = fixturesIn(new URL('fixtures/', import.meta.url))
const url = '__url__/v1beta/models/__name__-1:streamGenerateContent?alt=sse'

/** The request that carries this key. */ //? auth
export const sent = (key: string) => ({ method: 'POST', url, headers: { 'x-goog-api-key': key } }) //? auth
/** The request. */ //? none
export const sent = () => ({ method: 'POST', url }) //? none

const whole = (name: string, text = '', endMark = '"finishReason": "STOP"'): AnswerFixture => ({
  ...fixture(name),
  text,
  endMark,
  endsWithBody: true,
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
    ...geminiVariants(text, onePiece),
    text,
    onePiece,
    reasoning: { ...whole('reasoning.sse', 'Grüße'), reasoning: 'They greet.' },
    toolCall: {
      ...whole('tool-call.sse', 'I look.'),
      toolCalls: [
        { type: 'tool-call', id: 'call_1', name: 'get_weather', input: '{"city":"Åre"}', signature: 'CtQBAdHtim9e' },
      ],
    },
    empty: whole('empty.sse'),
    more: {
      'structured output': whole('structured-output.sse', '{"city":"Bern"}'),
      'a refusal': whole('refusal.sse', 'First you', '"finishReason": "SAFETY"'),
    },
    errorFirst: { ...fixture('error-first.json'), code: 'overloaded' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'rate-limited' },
  },
}
