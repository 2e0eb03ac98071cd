import { writeSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { messagesServer } from '../../src/index.ts'
import { hello } from '../support/requests.ts'

const server = messagesServer()
const dialect = 'anthropic-messages'
const requestOf = (body: unknown, headers: Record<string, string> = {}) =>
  server.read({ path: '/v1/messages', headers, body: JSON.stringify(body) }).request
const base = { model: 'm', max_tokens: 9, messages: [hello] }
const turn = (content: unknown, role = 'user') => ({ ...base, messages: [{ role, content }] })
const messageOf = (content: unknown, role = 'user') => requestOf(turn(content, role)).messages
const ephemeral = (ttl?: string) => ({ cache_control: { type: 'ephemeral', ...(ttl !== undefined && { ttl }) } })

/** A system message that changes the effort from there on. */
const setEffort = (effort: unknown) => ({ role: 'system', content: [], output_config: { effort } })

describe('what agents send is read', () => {
  test('system messages as blocks with marks, and those in the middle of a conversation', () => {
    const system = [
      { type: 'text', text: 'One.' },
      { type: 'text', text: 'Two.', ...ephemeral('1h') },
    ]
    expect(
      requestOf({ ...base, system, messages: [hello, { role: 'system', content: 'Be brief.' }] }).messages,
    ).toEqual([
      { role: 'system', content: 'One.' },
      { role: 'system', content: 'Two.', cache: '1h' },
      hello,
      { role: 'system', content: 'Be brief.' },
    ])
  })

  test('results with texts, images, documents and references, marked or not', () => {
    const content = [
      {
        type: 'tool_result',
        tool_use_id: 'a',
        content: [
          { type: 'text', text: 'See:', ...ephemeral() },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } },
          { type: 'tool_reference', tool_name: 'g' },
        ],
        ...ephemeral('5m'),
      },
      { type: 'tool_result', tool_use_id: 'b', is_error: true },
      { type: 'tool_result', tool_use_id: 'c', content: [{ type: 'text', text: 'ok' }] },
      { type: 'text', text: 'Well?', ...ephemeral() },
    ]
    expect(messageOf(content)).toEqual([
      {
        role: 'tool',
        toolCallId: 'a',
        content: [
          { type: 'text', text: 'See:', cache: true },
          { type: 'image', url: 'data:image/png;base64,iVBO' },
          { type: 'native', dialect, value: { type: 'tool_reference', tool_name: 'g' } },
        ],
        cache: '5m',
      },
      { role: 'tool', toolCallId: 'b', content: '', isError: true },
      { role: 'tool', toolCallId: 'c', content: 'ok' },
      { role: 'user', content: 'Well?', cache: true },
    ])
  })

  test('documents; one that asks for citations, or has the id of a file, stays as it is', () => {
    const source = { type: 'url', url: 'https://example.com/a.pdf' }
    const cited = { type: 'document', source, citations: { enabled: true } }
    const stored = { type: 'image', source: { type: 'file', file_id: 'file_1' } }
    expect(messageOf([{ type: 'document', source, title: 'A' }, cited, stored])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'file', url: source.url, name: 'A' },
          { type: 'native', dialect, value: cited },
          { type: 'native', dialect, value: stored },
        ],
      },
    ])
  })

  test('a turn in its order, with signed, unsigned and redacted thoughts and blocks of the vendor', () => {
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }
    const cited = { type: 'text', text: 'So.', citations: [{ type: 'web_search_result_location' }] }
    const content = [
      { type: 'thinking', thinking: 'Hm.', signature: 's' },
      { type: 'thinking', thinking: 'Unsigned.', signature: '' },
      { type: 'redacted_thinking', data: 'E' },
      search,
      cited,
      { type: 'tool_use', id: 't', name: 'f', input: { x: 1 } },
    ]
    expect(messageOf(content, 'assistant')).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', signature: 's' },
          { type: 'reasoning', text: 'Unsigned.' },
          { type: 'reasoning', text: '', sealed: 'E' },
          { type: 'native', dialect, value: search },
          { type: 'text', text: 'So.' },
          { type: 'native', dialect, value: cited },
          { type: 'tool-call', id: 't', name: 'f', input: '{"x":1}' },
        ],
      },
    ])
  })

  test('seals: what is in them, and whose it is', () => {
    const seal = writeSeal({ provider: 'acme', model: 'a1', value: 'S' })
    const content = [
      { type: 'thinking', thinking: 'Hm.', signature: seal },
      { type: 'redacted_thinking', data: seal },
    ]
    expect(messageOf(content, 'assistant')).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', signature: 'S' },
          { type: 'reasoning', text: '', sealed: 'S' },
        ],
        origin: { provider: 'acme', model: 'a1' },
      },
    ])
  })

  test('top_k: a whole number, and 0 for no limit; another is refused by that name', () => {
    expect(requestOf({ ...base, top_k: 4 }).topK).toBe(4)
    expect(requestOf({ ...base, top_k: 0 })).not.toHaveProperty('topK')
    for (const top_k of [1.5, -1, '4']) expect(() => requestOf({ ...base, top_k })).toThrow(/^top_k: /)
  })

  test('seals of several authors in one turn: the first is its author, and thoughts of the others are left out', () => {
    const seal = (provider: string) => writeSeal({ provider, model: 'm', value: `of ${provider}` })
    const content = [
      { type: 'thinking', thinking: 'Hm.', signature: seal('first') },
      { type: 'text', text: 'He' },
      { type: 'thinking', thinking: 'So.', signature: seal('second') },
      { type: 'redacted_thinking', data: seal('second') },
      { type: 'text', text: 'llo' },
    ]
    expect(messageOf(content, 'assistant')).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', signature: 'of first' },
          { type: 'text', text: 'He' },
          { type: 'text', text: 'llo' },
        ],
        origin: { provider: 'first', model: 'm' },
      },
    ])
  })

  test("tools: functions, and the vendor's own as they are", () => {
    const own = { type: 'bash_20250124', name: 'bash' }
    const tools = [
      {
        type: 'custom',
        name: 'f',
        input_schema: { type: 'object' },
        strict: true,
        defer_loading: true,
        ...ephemeral(),
      },
      own,
    ]
    const request = requestOf({ ...base, tools, tool_choice: { type: 'any', disable_parallel_tool_use: true } })
    expect(request).toMatchObject({
      tools: [
        { name: 'f', parameters: { type: 'object' }, strict: true, cache: true },
        { type: 'native', dialect, value: own },
      ],
      toolChoice: 'required',
      parallelToolCalls: false,
    })
    expect(request.native?.unnamed).toEqual(['tools.defer_loading'])
  })

  test.each([
    [{ thinking: { type: 'adaptive' } }, 'high'],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } }, 'xhigh'],
    [{ output_config: { effort: 'max' } }, 'max'],
    [{ thinking: { type: 'disabled' }, output_config: { effort: 'low' } }, 'none'],
    [{ messages: [hello, setEffort('low'), hello], output_config: { effort: 'max' } }, 'low'],
    [{ messages: [setEffort('low'), hello, setEffort('xhigh'), setEffort(null)] }, 'xhigh'],
    [{ messages: [setEffort(undefined), hello], output_config: { effort: 'max' } }, 'max'],
    [{ thinking: { type: 'between_tools' } }, 'none'],
    [{ thinking: { type: 'enabled', budget_tokens: 1024 } }, 'minimal'],
    [{ thinking: { type: 'enabled', budget_tokens: 10_000 } }, 'medium'],
    [{ thinking: { type: 'enabled', budget_tokens: 31_999 } }, 'max'],
    [{}, undefined],
  ])('thinking: %j', (fields, reasoning) => {
    expect(requestOf({ ...base, ...fields }).reasoning).toBe(reasoning)
  })

  test.each<[string, unknown, Record<string, string>, string | undefined]>([
    ['a header', { user_id: 'u' }, { 'x-claude-code-session-id': 's' }, 's'],
    ['a user id as JSON', { user_id: '{"device_id":"d","session_id":"s"}' }, {}, 's'],
    ['a user id of several ids', { user_id: 'user_1_account_2_session_s-3' }, {}, 's-3'],
    ['a user id', { user_id: 'u' }, {}, 'u'],
    ['nothing', {}, {}, undefined],
  ])('the session, from %s', (_what, metadata, headers, session) => {
    expect(requestOf({ ...base, metadata }, headers).session).toBe(session)
  })
})

test('a request keeps what came over the wire, and the names of the fields that have no counterpart', () => {
  const messages = [hello, { role: 'system', content: 'a', clear_at: 'b', output_config: { effort: 'low' } }]
  const config = { context_management: {}, output_config: { task_budget: 1 } }
  const body = { ...base, messages, stream: true, top_k: 4, ...config }
  const text = JSON.stringify(body)
  const headers = { 'anthropic-beta': 'b', 'anthropic-workspace-id': 'w', authorization: 'Bearer k' }
  const { request, stream } = server.read({ path: '/v1/messages', headers, body: text })
  expect(stream).toBe(true)
  expect(request).toMatchObject({ topK: 4, maxTokens: 9, stream: true })
  expect(request.native).toEqual({
    dialect,
    text,
    body,
    headers: { 'anthropic-beta': 'b' },
    unnamed: ['context_management', 'output_config.task_budget', 'messages.clear_at'],
  })
  expect(server.read({ path: '/', body }).request.native).toMatchObject({ text })
})

test.each<[string, unknown, RegExp]>([
  ['no body', undefined, /^the body: must be/],
  ['a list', [], /^the body: must be a JSON object/],
  ['no model', { max_tokens: 1, messages: [hello] }, /^model: must be/],
  ['no limit', { model: 'm', messages: [hello] }, /^max_tokens: must be/],
  ['a limit of 0', { ...base, max_tokens: 0 }, /^max_tokens: must be/],
  ['no messages', { ...base, messages: [] }, /^messages: must have/],
  ['too many messages', { ...base, messages: Array.from({ length: 100_001 }, () => 0) }, /^messages: must be at most/],
  ['a message that is not an object', { ...base, messages: ['Hello'] }, /^messages\.0: must be/],
  ['an unknown role', turn('x', 'robot'), /^messages\.0\.role: must be/],
  ['content of a wrong type', turn(1), /^messages\.0\.content: must be/],
  ['a block without a type', turn([{ text: 'x' }]), /^messages\.0\.content\.0: must be a block/],
  ['a text block without text', turn([{ type: 'text' }]), /^messages\.0\.content\.0\.text: must be a string/],
  ['a call without a name', turn([{ type: 'tool_use', id: 't' }], 'assistant'), /^messages\.0\.content\.0\.name/],
  ['an image without a source', turn([{ type: 'image' }]), /^messages\.0\.content\.0\.source: must be/],
  ['an image of an unknown source', turn([{ type: 'image', source: { type: 'x' } }]), /source\.type: must be/],
  [
    'an image whose type would change its URL',
    turn([{ type: 'image', source: { type: 'base64', media_type: 'image/png,x', data: '' } }]),
    /media_type: must be/,
  ],
  ['a result without its call', turn([{ type: 'tool_result' }]), /^messages\.0\.content\.0\.tool_use_id/],
  ['tools that are not an array', { ...base, tools: {} }, /^tools: must be/],
  ['a tool that is not an object', { ...base, tools: [1] }, /^tools\.0: must be/],
  ['a tool without a name', { ...base, tools: [{}] }, /^tools\.0\.name: must be/],
  ['a tool without a schema', { ...base, tools: [{ name: 'f' }] }, /^tools\.0\.input_schema: must be/],
  ['an unknown choice', { ...base, tool_choice: { type: 'maybe' } }, /^tool_choice: must be/],
  ['an unknown format', { ...base, output_config: { format: { type: 'xml' } } }, /^output_config\.format: must be/],
  ['a temperature that is a string', { ...base, temperature: 'hot' }, /^temperature: must be/],
  ['a stop that is not an array', { ...base, stop_sequences: 'END' }, /^stop_sequences: must be/],
])('a body is refused with the name of the field, and what would be right: %s', (_what, body, words) => {
  expect(() => requestOf(body)).toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(words) as string }),
  )
})

test('a body that is broken, or nested without end, is refused', () => {
  const refused = (body: unknown): unknown => {
    try {
      return server.read({ path: '/', body }).request
    } catch (error) {
      return String(error)
    }
  }
  expect(refused('{"model":')).toBe('TypeError: the body: must be valid JSON')
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  expect(refused(`{"x":${deep}}`)).toBe('TypeError: the body: must be nested at most 128 levels deep')
  expect(refused(JSON.parse(`{"x":${deep}}`))).toMatch(/^TypeError: the body: must be/)
  const quoted = { ...base, system: `"${'['.repeat(300)}\\` }
  expect(refused(JSON.stringify(quoted))).toMatchObject({ model: 'm' })
})
