import type { ChatEvent } from '@rivulet/core'
import { testBothWays } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { messages, messagesServer } from '../src/index.ts'
import { asChat, call, finish, input, native, started, text, thought } from './support/decoding.ts'
import { MODELS, REQUESTS } from './support/requests.ts'

const event: fc.Arbitrary<ChatEvent> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }).map((words): ChatEvent => ({ type: 'text', text: words })),
  fc
    .record({ text: fc.string({ maxLength: 5 }), signature: fc.constantFrom('s', 't') }, { requiredKeys: ['text'] })
    .map((fields): ChatEvent => ({ type: 'reasoning', ...fields })),
  fc.constantFrom('a', 'b', 'c').map((id): ChatEvent => ({ type: 'tool-call', id, name: `f_${id}` })),
  fc.constantFrom('a', 'b', 'c').map((id): ChatEvent => ({ type: 'tool-input', id, text: ' ' })),
  fc.constant<ChatEvent>({ type: 'raw', dialect: 'another', label: 'as-is', data: '{}' }),
)

/** Content in any order. The arguments of calls come last, interleaved. */
const answers = fc.array(event, { maxLength: 12 }).map((drawn): ChatEvent[] => {
  const called = new Set<string>()
  const content = drawn.filter((one) => {
    if (one.type === 'tool-input') return called.has(one.id)
    if (one.type !== 'tool-call') return true
    const isNew = !called.has(one.id)
    called.add(one.id)
    return isNew
  })
  const inputs = [...called].map((id): ChatEvent => ({ type: 'tool-input', id, text: '{"x":1}' }))
  const reason = called.size > 0 ? 'tool-calls' : 'stop'
  return [...asChat([started]), ...content, ...inputs, ...asChat([finish(reason)])]
})

testBothWays({
  runner: { describe, it },
  name: 'Anthropic Messages',
  client: messages({ models: MODELS }),
  server: messagesServer(),
  requests: Object.fromEntries(Object.entries(REQUESTS).map(([name, request]) => [name, { request }])),
  answers: {
    'a thought with its signature': asChat([
      started,
      thought('Let me '),
      thought('see.'),
      thought('', { signature: 'c2ln' }),
      text('Yes.'),
      finish(),
    ]),
    'a thought with a signature alone': asChat([started, thought('', { signature: 's' }), text('Yes.'), finish()]),
    'two thoughts and a sealed one': asChat([
      started,
      thought('One.'),
      thought('', { signature: 'a' }),
      thought('', { sealed: 'c2VhbGVk' }),
      thought('Two.'),
      thought('', { signature: 'b' }),
      text('Yes.'),
      finish(),
    ]),
    'a tool call with its arguments in fragments': asChat([
      started,
      call('t1', 'weather'),
      input('t1', '{"city":'),
      input('t1', '"Bern"}'),
      finish('tool-calls'),
    ]),
    'thoughts between tool calls': asChat([
      started,
      thought('First.'),
      thought('', { signature: 'a' }),
      call('t1', 'a'),
      input('t1', '{}'),
      thought('Then.'),
      thought('', { signature: 'b' }),
      call('t2', 'b'),
      input('t2', '{}'),
      finish('tool-calls'),
    ]),
    'text with quotes and line breaks': asChat([started, text('Hel'), text('lo 🌊'), text('\n"quoted\\'), finish()]),
    "a search of the vendor's own": asChat([
      started,
      text('I search.'),
      native({ type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'x' } }),
      native({ type: 'web_search_tool_result', tool_use_id: 's1', content: [{ type: 'web_search_result', url: 'u' }] }),
      text('Found.'),
      finish(),
    ]),
    'a text with citations': asChat([
      started,
      text('It is '),
      text('so.'),
      native({ type: 'text', text: 'It is so.', citations: [{ type: 'char_location', cited_text: 'so' }] }),
      text('Well.'),
      finish(),
    ]),
    'tokens written to the cache': asChat([
      started,
      text('a'),
      {
        type: 'finish',
        reason: 'stop',
        usage: {
          inputTokens: 100,
          outputTokens: 2,
          cachedTokens: 50,
          cacheWriteTokens: 30,
          cacheWrite1hTokens: 20,
          source: 'reported',
        },
      },
    ]),
    'a short refusal': asChat([started, text('I'), finish('content-filter')]),
    'a thought without a signature': asChat([started, thought('Hm.'), text('Yes.'), finish()]),
  },
  errors: {
    'content-filter': 'bad-request',
    unsupported: 'bad-request',
    network: 'overloaded',
    truncated: 'overloaded',
    malformed: 'overloaded',
    exhausted: 'overloaded',
  },
  draw: (holds) => {
    fc.assert(fc.property(answers, holds), { numRuns: 1_000 })
  },
})
