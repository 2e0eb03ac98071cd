import { anyText } from '../../../../scripts/any-text.ts'
import type { ChatEvent, ChatRequest, Message } from '@rivulet/core'
import { testBothWays } from '@rivulet/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { responses, responsesServer } from '../../src/index.ts'
import { hello } from './client/events.ts'

const client = responses({ origin: 'acme' })
const start: ChatEvent = { type: 'start', provider: 'acme', model: 'acme-1', id: 'a1' }
const say = (text: string): ChatEvent => ({ type: 'text', text })
const thought = (text: string, rest: object = {}): ChatEvent => ({ type: 'reasoning', text, ...rest })
const call = (id: string, name: string, rest: object = {}): ChatEvent => ({ type: 'tool-call', id, name, ...rest })
const input = (id: string, text: string): ChatEvent => ({ type: 'tool-input', id, text })
const native = (value: Record<string, unknown>): ChatEvent => ({ type: 'native', dialect: 'openai-responses', value })
const finish = (reason: 'stop' | 'tool-calls' = 'stop'): ChatEvent => ({ type: 'finish', reason })
const sealed = (id: string): ChatEvent[] => [thought('hm', { id }), thought('', { id, sealed: 'gAAA' })]
const citation = { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 }

const event: fc.Arbitrary<ChatEvent> = fc.oneof(
  anyText({ maxLength: 6 }).map(say),
  fc.string({ unit: 'grapheme', maxLength: 5 }).map((text) => thought(text)),
)
/** Reasoning that is sealed: between texts, because each piece has an id of its own. */
const content = fc
  .array(event, { maxLength: 12 })
  .map((events) =>
    events.flatMap((each, index) =>
      each.type === 'text' && index % 3 === 0 ? [say('|'), ...sealed(`rs_${index}`), each] : [each],
    ),
  )
/** Content in any order, then calls, then their input, interleaved. */
const answers = fc
  .tuple(content, fc.subarray(['a', 'b', 'c']), fc.nat(3))
  .map(([said, called, length]): ChatEvent[] => [
    start,
    ...said,
    ...called.map((id) => call(id, `f_${id}`)),
    ...['{"x":[', ...Array<string>(length).fill('0,'), '1]}'].flatMap((json) => called.map((id) => input(id, json))),
    finish(called.length > 0 ? 'tool-calls' : 'stop'),
  ])

const asking = (...messages: Message[]): ChatRequest => ({ ...hello, messages })

testBothWays({
  runner: { describe, it },
  name: 'OpenAI Responses',
  client,
  server: responsesServer(),
  requests: Object.fromEntries(
    Object.entries<ChatRequest>({
      'a question': hello,
      'in one piece': { ...hello, stream: false },
      'all settings': {
        ...hello,
        temperature: 0.5,
        topP: 0.9,
        maxTokens: 10,
        parallelToolCalls: false,
        reasoning: 'xhigh',
        responseFormat: { name: 'n', schema: { type: 'object' } },
        toolChoice: { name: 'f' },
        tools: [
          { name: 'f', description: 'd', parameters: { type: 'object', properties: {} }, strict: true },
          { type: 'text', name: 'patch', grammar: { syntax: 'lark', definition: 'start: "a"' } },
          { type: 'text', name: 'any' },
          { type: 'native', dialect: 'openai-responses', value: { type: 'web_search' } },
        ],
      },
      'a schema as a hint': { ...hello, responseFormat: { name: 'n', schema: {}, strict: false } },
      'any JSON': { ...hello, responseFormat: 'json' },
      'a system message, images and files': asking(
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'image', url: 'https://a.example/a.png' },
            { type: 'file', url: 'data:application/pdf;base64,AA', name: 'a.pdf' },
            { type: 'native', dialect: 'openai-responses', value: { type: 'input_file', file_id: 'file_1' } },
          ],
        },
      ),
      'a turn in its order': asking(
        ...hello.messages,
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm', sealed: 'gAAA', id: 'rs_1' },
            { type: 'native', dialect: 'openai-responses', value: { type: 'message', phase: 'commentary' } },
            { type: 'text', text: 'Let me see.' },
            { type: 'native', dialect: 'openai-responses', value: citation },
            { type: 'tool-call', id: '1', name: 'f', input: '{"a":1}' },
            { type: 'reasoning', text: '', sealed: 'gBBB', id: 'rs_2' },
            { type: 'tool-call', id: '2', name: 'patch', input: '*** "Begin"\n', format: 'text' },
            { type: 'native', dialect: 'openai-responses', value: { type: 'web_search_call', id: 'ws_1' } },
          ],
        },
        { role: 'tool', toolCallId: '1', content: '42' },
        {
          role: 'tool',
          toolCallId: '2',
          content: [
            { type: 'text', text: 'see' },
            { type: 'image', url: 'data:image/png;base64,AA==' },
          ],
        },
        { role: 'assistant', content: 'Done.' },
        { role: 'user', content: 'Thanks.' },
      ),
    }).map(([name, request]) => [name, { request }]),
  ),
  counts: { cachedTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
  answers: {
    'sealed reasoning with the id of its item': [start, ...sealed('rs_1'), say('a'), finish()],
    'two pieces of sealed reasoning': [start, ...sealed('rs_1'), ...sealed('rs_2'), say('a'), finish()],
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
      input('2', '{'),
      input('1', '{}'),
      input('2', '}'),
      finish('tool-calls'),
    ],
    'a call of a text tool, with any text': [
      start,
      call('1', 'patch', { format: 'text' }),
      input('1', '*** Begin'),
      input('1', ' "Patch"\n{'),
      finish('tool-calls'),
    ],
    'a call of a text tool without input': [start, call('1', 'patch', { format: 'text' }), finish('tool-calls')],
    'citations after their text': [start, say('a'), say('b'), native(citation), native(citation), finish()],
    'items of its own between texts': [
      start,
      native({ type: 'web_search_call', id: 'ws_1', status: 'completed' }),
      native({ type: 'message', phase: 'final_answer' }),
      say('a'),
      finish(),
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
    fc.assert(fc.property(answers, holds), { numRuns: 300 })
  },
})
