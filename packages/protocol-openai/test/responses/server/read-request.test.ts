import type { ChatRequest, Message } from '@rivulet/core'
import { writeSeal } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { responsesServer } from '../../../src/index.ts'

const dialect = 'openai-responses'
const server = responsesServer()
const call = (fields: object, headers: Record<string, string> = {}) =>
  server.read({ path: '/v1/responses', headers, body: JSON.stringify({ model: 'gpt-6', input: 'Hello', ...fields }) })
const read = (fields: object): ChatRequest => call(fields).request
const messagesOf = (...input: object[]): readonly Message[] => read({ input }).messages
const unnamed = (fields: object): readonly string[] | undefined => read(fields).native?.unnamed
const user = (content: unknown): object => ({ type: 'message', role: 'user', content })

describe('input', () => {
  test('is a string, or messages of any role; instructions come first', () => {
    expect(read({ instructions: 'Be brief.' }).messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ])
    expect(
      messagesOf(
        {
          role: 'developer',
          content: [
            { type: 'input_text', text: 'a' },
            { type: 'input_text', text: 'b' },
          ],
        },
        { role: 'system', content: 'c' },
        { role: 'user', content: 'd' },
        { role: 'assistant', content: 'e' },
      ),
    ).toEqual([
      { role: 'system', content: 'ab' },
      { role: 'system', content: 'c' },
      { role: 'user', content: 'd' },
      { role: 'assistant', content: 'e' },
    ])
  })

  test('has images and files; those that name an upload stay native', () => {
    const uploads = [
      { type: 'input_image', file_id: 'file_1', detail: 'auto' },
      { type: 'input_file', file_id: 'file_2' },
      { type: 'input_audio', input_audio: { data: 'AA', format: 'mp3' } },
    ]
    expect(
      messagesOf(
        user([
          { type: 'input_text', text: 'a' },
          { type: 'input_image', image_url: 'https://a.example/a.png', detail: 'high' },
          { type: 'input_file', file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' },
          { type: 'input_file', file_url: 'https://a.example/a.pdf' },
          ...uploads,
        ]),
      ),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', url: 'https://a.example/a.png' },
          { type: 'file', url: 'data:application/pdf;base64,AA', name: 'a.pdf' },
          { type: 'file', url: 'https://a.example/a.pdf' },
          ...uploads.map((value) => ({ type: 'native', dialect, value })),
        ],
      },
    ])
  })

  test('of an agent is turns in their order, each with the results of its calls', () => {
    const messages = messagesOf(
      user([{ type: 'input_text', text: 'Fix it.' }]),
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'hm' }],
        content: null,
        encrypted_content: 'gA',
      },
      {
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        phase: 'commentary',
        content: [{ type: 'output_text', text: 'I look.', annotations: [] }],
      },
      { type: 'function_call', id: 'fc_1', call_id: '1', name: 'shell', arguments: '{"cmd":"ls"}' },
      { type: 'custom_tool_call', call_id: '2', name: 'patch', input: '*** Begin' },
      { type: 'function_call_output', call_id: '1', output: 'a.ts' },
      {
        type: 'custom_tool_call_output',
        call_id: '2',
        output: [
          { type: 'input_text', text: 'ok' },
          { type: 'input_image', image_url: 'data:image/png;base64,AA==' },
        ],
      },
      { type: 'web_search_call', id: 'ws_1', status: 'completed' },
      { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    )
    expect(messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Fix it.' }] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm', sealed: 'gA', id: 'rs_1' },
          { type: 'native', dialect, value: { type: 'message', phase: 'commentary' } },
          { type: 'text', text: 'I look.' },
          { type: 'tool-call', id: '1', name: 'shell', input: '{"cmd":"ls"}' },
          { type: 'tool-call', id: '2', name: 'patch', input: '*** Begin', format: 'text' },
        ],
      },
      { role: 'tool', toolCallId: '1', content: 'a.ts' },
      {
        role: 'tool',
        toolCallId: '2',
        content: [
          { type: 'text', text: 'ok' },
          { type: 'image', url: 'data:image/png;base64,AA==' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'native', dialect, value: { type: 'web_search_call', id: 'ws_1', status: 'completed' } },
          { type: 'text', text: 'No.' },
        ],
      },
    ])
  })

  test('has one result of a call, of all that came one after the other', () => {
    const result = (id: string, output: string): object => ({ type: 'custom_tool_call_output', call_id: id, output })
    expect(messagesOf(result('1', 'a'), result('1', 'b'), result('2', 'c'))).toEqual([
      {
        role: 'tool',
        toolCallId: '1',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'tool', toolCallId: '2', content: 'c' },
    ])
  })

  test('keeps the proofs of any author, and whose they are', () => {
    const author = { provider: 'anthropic', model: 'claude-5' }
    const item = (value: string, text?: string, from = author): object => ({
      type: 'reasoning',
      id: 'rs_new',
      summary: text === undefined ? [] : [{ type: 'summary_text', text }],
      encrypted_content: writeSeal({ ...from, value, ...(value === 'gA' && { id: 'rs_old' }) }),
    })
    const openai = { provider: 'openai', model: 'gpt-6' }
    expect(
      messagesOf(
        item('signature:s1', 'hm'),
        { role: 'assistant', content: 'a' },
        item('text:s2'),
        item('call:s3'),
        { type: 'function_call', call_id: '1', name: 'f', arguments: '{}' },
        item('gA', 'so', openai),
        { role: 'assistant', content: 'b' },
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm', signature: 's1' },
          { type: 'text', text: 'a', signature: 's2' },
          { type: 'tool-call', id: '1', name: 'f', input: '{}', signature: 's3' },
        ],
        origin: author,
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'so', sealed: 'gA', id: 'rs_old' },
          { type: 'text', text: 'b' },
        ],
        origin: openai,
      },
    ])
  })
})

describe('tools', () => {
  const function_ = { type: 'function', name: 'f', description: null, parameters: { type: 'object' }, strict: true }

  test('are functions, texts, and the vendor’s own', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' }
    const tools = [
      function_,
      { type: 'custom', name: 'patch', format },
      { type: 'custom', name: 'any', format: { type: 'text' } },
      { type: 'web_search', filters: {} },
    ]
    expect(read({ tools }).tools).toEqual([
      { name: 'f', parameters: { type: 'object' }, strict: true },
      { type: 'text', name: 'patch', grammar: { syntax: 'lark', definition: 'start: "a"' } },
      { type: 'text', name: 'any' },
      { type: 'native', dialect, value: { type: 'web_search', filters: {} } },
    ])
  })

  test('in a namespace have joined names, in calls and in choices too', () => {
    const tools = [
      {
        type: 'namespace',
        name: 'mail',
        description: 'd',
        tools: [
          { type: 'function', name: 'send' },
          { type: 'custom', name: 'draft' },
        ],
      },
    ]
    const input = [{ type: 'function_call', call_id: '1', namespace: 'mail', name: 'send', arguments: '{}' }]
    const request = read({ tools, input, tool_choice: { type: 'function', name: 'send' } })
    expect(request.tools).toEqual([
      { name: 'mail__send', description: 'd' },
      { type: 'text', name: 'mail__draft' },
    ])
    expect(request.toolChoice).toEqual({ name: 'mail__send' })
    expect(request.messages).toMatchObject([{ content: [{ type: 'tool-call', name: 'mail__send' }] }])
  })

  test('may be in the input: they are tools like all others', () => {
    const member = { type: 'custom', name: 'exec', description: 'd' }
    const item = {
      type: 'additional_tools',
      role: 'developer',
      id: 'at_1',
      tools: [{ type: 'namespace', name: 'functions', description: '', tools: [member] }, function_],
    }
    const request = read({ input: [item, { role: 'user', content: 'a' }], tools: [{ type: 'web_search' }] })
    expect(request.tools).toEqual([
      { type: 'native', dialect, value: { type: 'web_search' } },
      { type: 'text', name: 'functions__exec', description: 'd' },
      { name: 'f', parameters: { type: 'object' }, strict: true },
    ])
    expect(request.messages).toEqual([{ role: 'user', content: 'a' }])
  })

  test('in a namespace have its description before that of the first', () => {
    const members = ['a', 'b'].map((name) => ({ type: 'function', name, description: `Does ${name}.` }))
    const [first, second] =
      read({ tools: [{ type: 'namespace', name: 'n', description: 'Letters.', tools: members }] }).tools ?? []
    expect([first, second]).toMatchObject([{ description: 'Letters.\n\nDoes a.' }, { description: 'Does b.' }])
  })

  test('that the input gives again replace the earlier ones', () => {
    const item = (description: string): object => ({
      type: 'additional_tools',
      role: 'developer',
      tools: [{ type: 'custom', name: 'exec', description }, { type: 'web_search' }],
    })
    const request = read({ input: [item('old'), { role: 'user', content: 'a' }, item('new')] })
    expect(request.tools).toMatchObject([{ name: 'exec', description: 'new' }, { type: 'native' }, { type: 'native' }])
  })

  test('in a namespace with a long name have one that a function may have', () => {
    const [first, second] = ['a', 'b'].map((end) => `${'n'.repeat(80)}${end}`)
    const tools = [first, second].map((name) => ({ type: 'namespace', name, tools: [function_] }))
    const names = read({ tools }).tools?.map((tool) => ('name' in tool ? tool.name : ''))
    expect(names?.map((name) => name.length)).toEqual([64, 64])
    expect(new Set(names).size).toBe(2)
  })

  test.each<[string, unknown, object]>([
    ['a word', 'required', { toolChoice: 'required' }],
    ['a function', { type: 'function', name: 'f' }, { toolChoice: { name: 'f' } }],
    ['a custom tool', { type: 'custom', name: 'g' }, { toolChoice: { name: 'g' } }],
    [
      'some of them',
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
      { toolChoice: 'required', tools: [{ name: 'f', parameters: { type: 'object' }, strict: true }] },
    ],
    [
      'one of the vendor’s own',
      { type: 'image_generation' },
      { extra: { [dialect]: { tool_choice: { type: 'image_generation' } } } },
    ],
  ])('are chosen by %s', (_what, choice, expected) => {
    expect(read({ tools: [function_, { type: 'custom', name: 'g' }], tool_choice: choice })).toMatchObject(expected)
  })
})

describe('settings', () => {
  test('have their fields; what only this dialect has is unnamed', () => {
    const fields = {
      stream: true,
      temperature: 0,
      top_p: 0.5,
      max_output_tokens: 9,
      parallel_tool_calls: false,
      prompt_cache_key: 'k',
      reasoning: { effort: 'max', summary: 'auto' },
      text: { format: { type: 'json_schema', name: 'n', schema: {}, strict: true }, verbosity: 'low' },
      include: ['reasoning.encrypted_content'],
      store: false,
      truncation: 'disabled',
      background: false,
      previous_response_id: null,
      service_tier: 'flex',
      metadata: { a: 'b' },
    }
    const { native, messages: _messages, ...request } = read(fields)
    expect(request).toEqual({
      model: 'gpt-6',
      temperature: 0,
      topP: 0.5,
      maxTokens: 9,
      parallelToolCalls: false,
      session: 'k',
      reasoning: 'max',
      responseFormat: { name: 'n', schema: {} },
    })
    expect(native?.unnamed).toEqual(['service_tier', 'metadata', 'text.verbosity'])
  })

  test('that ask to store the answer, or for more of it, are unnamed', () => {
    expect(unnamed({ store: true, include: ['message.output_text.logprobs'], truncation: 'auto' })).toEqual([
      'store',
      'include',
      'truncation',
    ])
    expect(unnamed({ include: [], user: null })).toEqual([])
  })

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'may be called %s, as what every object has',
    (name) => {
      const body: unknown = JSON.parse(`{"model":"m","input":"Hello","${name}":{"a":1}}`)
      expect(server.read({ path: '/', body }).request.native?.unnamed).toEqual([name])
    },
  )

  test('for the form of the answer', () => {
    expect(read({ text: { format: { type: 'text' } } })).not.toHaveProperty('responseFormat')
    expect(read({ text: { format: { type: 'json_object' } } }).responseFormat).toBe('json')
    expect(read({ text: { format: { type: 'json_schema', name: 'n', schema: {} } } }).responseFormat).toEqual({
      name: 'n',
      schema: {},
      strict: false,
    })
    expect(call({}).stream).toBe(false)
    expect(call({ stream: true }).stream).toBe(true)
  })

  test('the request as it came, with the headers of the dialect and no names of accounts', () => {
    const body = '{"model":"m", "input":"a"}'
    const headers = {
      'openai-beta': 'a',
      'openai-organization': 'b',
      'openai-project': 'c',
      authorization: 'd',
      'x-a': 'e',
    }
    expect(server.read({ path: '/v1/responses', headers, body }).request.native).toEqual({
      dialect,
      text: body,
      body: { model: 'm', input: 'a' },
      headers: { 'openai-beta': 'a' },
      unnamed: [],
    })
  })
})

describe('a request is refused with what would be right', () => {
  test.each<[string, unknown, string]>([
    ['that is not JSON', '{', 'the body is not JSON'],
    ['that is a list', [], 'the body must be a JSON object'],
    ['that is too deep', `{"input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'the body is nested too deeply'],
    ['without a model', { input: 'a' }, 'model is missing'],
    ['without input', { model: 'm' }, 'input is missing: it must be a string or an array of items'],
    ['with empty input', { model: 'm', input: [] }, 'input is empty'],
    [
      'that continues a response',
      { previous_response_id: 'resp_1' },
      'previous_response_id names an earlier response: none is stored here, so send the whole input',
    ],
    ['of a conversation', { conversation: { id: 'c' } }, 'conversation names a stored conversation'],
    ['in the background', { background: true }, 'background must be false'],
    ['of a stored prompt', { prompt: { id: 'p' } }, 'prompt names a stored prompt'],
    [
      'with a reference to an item',
      { model: 'm', input: [{ type: 'item_reference', id: 'msg_1' }] },
      'input[0].type is missing, or names an item of an earlier response',
    ],
    ['with an item without a type', { model: 'm', input: [{ id: 'msg_1' }] }, 'input[0].type is missing'],
    ['with an unknown role', { model: 'm', input: [{ role: 'tool', content: 'a' }] }, 'input[0].role must be one of'],
    [
      'with a call without an id',
      { model: 'm', input: [{ type: 'function_call', name: 'f', arguments: '{}' }] },
      'input[0].call_id is missing',
    ],
    [
      'with an image without an address',
      { model: 'm', input: [user([{ type: 'input_image' }])] },
      'input[0].content[0].image_url is missing',
    ],
    [
      'with an unknown effort',
      { model: 'm', input: 'a', reasoning: { effort: 'huge' } },
      'reasoning.effort must be one of none, minimal',
    ],
    ['with a tool without a type', { model: 'm', input: 'a', tools: [{ name: 'f' }] }, 'tools[0].type is missing'],
    [
      'with a grammar without syntax',
      { model: 'm', input: 'a', tools: [{ type: 'custom', name: 'f', format: { type: 'grammar', definition: 'a' } }] },
      "tools[0].format.syntax must be 'lark' or 'regex'",
    ],
  ])('%s', (_what, body, words) => {
    let error: unknown
    try {
      server.read({ path: '/v1/responses', body: typeof body === 'string' ? body : JSON.stringify(body) })
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(TypeError)
    expect((error as TypeError).message).toContain(words)
    const { status, body: answer } = server.error(error)
    expect([status, JSON.parse(answer)]).toMatchObject([400, { error: { type: 'invalid_request_error' } }])
  })
})
