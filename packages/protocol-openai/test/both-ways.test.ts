import { anyText } from '../../../scripts/any-text.ts'
import type { ChatEvent } from '@rivulet/core'
import { testBothWays } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { chatCompletions, chatCompletionsServer } from '../src/index.ts'
import { REQUESTS } from './support/requests.ts'

const start: ChatEvent = { type: 'start', provider: 'acme', model: 'acme-1', id: 'c1' }
const say = (text: string): ChatEvent => ({ type: 'text', text })
const thought = (text: string, proof: object = {}): ChatEvent => ({ type: 'reasoning', text, ...proof })
const call = (id: string, name: string): ChatEvent => ({ type: 'tool-call', id, name })
const input = (id: string, json: string): ChatEvent => ({ type: 'tool-input', id, text: json })
const native = (value: Record<string, unknown>): ChatEvent => ({ type: 'native', dialect: 'openai-chat', value })
const finish = (reason: 'stop' | 'tool-calls' = 'stop'): ChatEvent => ({ type: 'finish', reason })

const event: fc.Arbitrary<ChatEvent> = fc.oneof(
  anyText({ maxLength: 6 }).map(say),
  fc.string({ unit: 'grapheme', maxLength: 5 }).map((text) => thought(text)),
  fc
    .tuple(fc.string({ maxLength: 5 }), fc.constantFrom('s', 't'))
    .map(([text, signature]) => thought(text, { signature })),
  fc.constant(thought('', { sealed: 'gAAA' })),
  fc.constant<ChatEvent>({ type: 'raw', dialect: 'another', label: 'as-is', data: '{}' }),
)
/** Content in any order, then calls, then their arguments, interleaved. */
const answers = fc
  .tuple(fc.array(event, { maxLength: 12 }), fc.subarray(['a', 'b', 'c']), fc.nat(3))
  .map(([content, called, length]): ChatEvent[] => [
    start,
    ...content,
    ...called.map((id) => call(id, `f_${id}`)),
    ...['{"x":[', ...Array<string>(length).fill('0,'), '1]}'].flatMap((json) => called.map((id) => input(id, json))),
    finish(called.length > 0 ? 'tool-calls' : 'stop'),
  ])

testBothWays({
  runner: { describe, it },
  name: 'OpenAI chat completions',
  client: chatCompletions({ includeUsage: true }),
  server: chatCompletionsServer(),
  requests: Object.fromEntries(
    Object.entries(REQUESTS).map(([name, [request, quirks]]) => [
      name,
      { request, client: chatCompletions({ includeUsage: true, ...quirks }) },
    ]),
  ),
  answers: {
    'a signed thought': [start, thought('hm'), thought('', { signature: 'proof' }), say('a'), finish()],
    'a thought that is signed in one event': [start, thought('hm', { signature: 'proof' }), say('a'), finish()],
    'a sealed thought': [start, thought('', { sealed: 'gAAA' }), say('a'), finish()],
    'a thought that is sealed and has an id': [start, thought('', { id: 'rs_1', sealed: 'gAAA' }), say('a'), finish()],
    'thoughts signed in the details of OpenRouter': [
      start,
      thought('hm', { signature: '{"type":"reasoning.text","signature":"s","format":"f","index":0}' }),
      thought('', { sealed: '{"type":"reasoning.encrypted","data":"d","format":"f","index":1}' }),
      say('a'),
      finish(),
    ],
    'a call of a text tool, beside one of a function': [
      start,
      { type: 'tool-call', id: '1', name: 'apply_patch', format: 'text' },
      call('2', 'f'),
      input('1', '*** Begin "'),
      input('2', '{}'),
      input('1', 'Patch\n'),
      finish('tool-calls'),
    ],
    'citations and an image, which only this dialect has': [
      start,
      say('a'),
      native({ annotations: [{ type: 'url_citation', url_citation: { url: 'https://example.com' } }] }),
      native({ images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] }),
      finish(),
    ],
    'a tool call with its arguments in fragments': [
      start,
      call('1', 'f'),
      input('1', '{"a"'),
      input('1', ':"\\"é"}'),
      finish('tool-calls'),
    ],
    'interleaved tool calls after text, one without arguments': [
      start,
      say('Let me see.'),
      call('1', 'f'),
      call('2', 'g'),
      call('3', 'h'),
      input('2', '['),
      input('1', '{}'),
      input('2', ']'),
      finish('tool-calls'),
    ],
  },
  // A failure upstream of a server is to its client a failure of the server.
  errors: {
    network: 'overloaded',
    truncated: 'overloaded',
    malformed: 'overloaded',
    unsupported: 'bad-request',
    exhausted: 'overloaded',
  },
  draw: (holds) => {
    fc.assert(fc.property(answers, holds), { numRuns: 1_000 })
  },
})
