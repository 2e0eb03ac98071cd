import { type AnswerFixture, bearerTo, fixturesIn, type Subject } from '@rivulet/testkit' //? auth
import { type AnswerFixture, fixturesIn, type Subject } from '@rivulet/testkit' //? none
import { __camel__ } from '../src/index.ts'

const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

/** The request that carries this key. */ //? auth
export const sent = bearerTo('__url__/chat') //? auth
/** The request. */ //? none
export const sent = () => ({ method: 'POST', url: '__url__/chat' }) //? none

const whole = (name: string, text = ''): AnswerFixture => ({ ...fixture(name), text, endMark: '"done":true' })

/** __Name__ under the laws: `pnpm truth` finds it here. TODO: recorded answers in fixtures/; see its SOURCES.md. */
export const subject: Subject = {
  name: '__Name__',
  provider: (options) => __camel__({ apiKey: 'a-secret-key', ...options }), //? auth
  provider: (options) => __camel__(options), //? none
  secrets: ['a-secret-key'], //? auth
  request: { model: '__name__-1', messages: [{ role: 'user', content: 'Hello' }] },
  // TODO: the misleading forms that the dialect can have (`emptyReasons`, `silentEnd`, `twoAnswers` …).
  answers: {
    text: whole('text.sse', 'Grüße'),
    onePiece: { ...fixture('one-piece.json'), text: 'Grüße', endMark: true },
    empty: whole('empty.sse'),
    errorFirst: { ...fixture('error-first.json'), code: 'overloaded' },
    errorMidStream: { ...fixture('error-mid-stream.sse'), code: 'rate-limited' },
  },
}
