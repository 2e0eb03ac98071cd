import { bearerTo, chatSubject, fixturesIn } from '@rivulet/testkit' //? auth
import { chatSubject, fixturesIn } from '@rivulet/testkit' //? none
import { __camel__ } from '../src/index.ts'

const fixture = fixturesIn(new URL('fixtures/', import.meta.url))

/** The request that carries this key. */ //? auth
export const sent = bearerTo('__url__/chat/completions') //? auth
/** The request. */ //? none
export const sent = () => ({ method: 'POST', url: '__url__/chat/completions' }) //? none

/** __Name__ under the laws: `pnpm truth` finds it here. TODO: recorded answers in fixtures/; see its SOURCES.md. */
export const subject = chatSubject({
  name: '__Name__',
  factory: __camel__, //? auth
  factory: ({ apiKey: _none, ...options }) => __camel__(options), //? none
  fixture,
  model: '__name__-1',
  usage: { inputTokens: 17, outputTokens: 42, source: 'reported' },
  toolIds: ['call_1', 'call_2'],
  reasoningIn: ['reasoning.sse'],
  argumentsInParts: true,
  errorFirst: { ...fixture('error-first.json'), code: 'quota' },
})
