import type { ChatRequest, Message } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/client/encode-request.ts'
import { type ChatQuirks, chatSettings, embeddings, modelList } from '../../src/index.ts'

const hello: ChatRequest = { model: 'gpt-4', messages: [{ role: 'user', content: 'Hello' }] }
const sent = (request: ChatRequest, quirks: ChatQuirks): Record<string, unknown> =>
  JSON.parse(JSON.stringify(encode(request, quirks).http.body)) as Record<string, unknown>
const sentMessages = (messages: Message[], quirks: ChatQuirks): unknown => sent({ ...hello, messages }, quirks).messages

test.each<[string, Partial<ChatRequest>, ChatQuirks, object]>([
  [
    'the field that limits the answer',
    { maxTokens: 9 },
    { maxTokens: 'max_completion_tokens' },
    { max_completion_tokens: 9 },
  ],
  ['the field of the seed', { seed: 9 }, { seed: 'random_seed' }, { random_seed: 9 }],
  [
    'the fields of an effort',
    { reasoning: 'none' },
    {
      efforts: {
        none: { thinking: { type: 'disabled' } },
        minimal: {},
        low: {},
        medium: {},
        high: {},
      },
    },
    { thinking: { type: 'disabled' } },
  ],
])('a quirk sets %s', (_name, fields, quirks, expected) => {
  expect(sent({ ...hello, ...fields }, quirks)).toEqual({ ...hello, stream: true, ...expected })
})

test('system messages that follow one another are joined for an endpoint that takes one', () => {
  const system = (content: string, cache?: true): Message => ({ role: 'system', content, ...(cache && { cache }) })
  const user: Message = { role: 'user', content: 'Hello' }
  const messages = [system('a'), system('b'), user, system('c'), user]
  const one = { systemMessages: 'one' } as const
  expect(sentMessages(messages, {})).toEqual(messages)
  expect(sentMessages(messages, one)).toEqual([system('a\n\nb'), user, system('c'), user])
  const marked = [
    { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } },
    { type: 'text', text: 'b' },
  ]
  expect(sentMessages([system('a', true), system('b'), user], { ...one, cacheControl: true })).toEqual([
    { role: 'system', content: marked },
    user,
  ])
})

test('a request of the same dialect is written anew only where its system messages must be joined', () => {
  const body = {
    model: 'gpt-4',
    messages: [
      { role: 'system', content: 'a' },
      { role: 'user', content: 'Hello' },
    ],
  }
  const text = JSON.stringify(body, undefined, 1)
  const native = { dialect: 'openai-chat', text, body, headers: {}, unnamed: [] }
  const [first, second] = body.messages as [Message, Message]
  const http = (messages: readonly Message[]): string | undefined =>
    encode({ ...hello, messages, native }, { systemMessages: 'one' }).http.json
  expect(http([first, second])).toContain('\n "messages"')
  expect(http([first, first, second])).toBeUndefined()
})

test('a schema is strict, loose, or unsupported', () => {
  const asking = (strict?: boolean): ChatRequest => ({
    ...hello,
    responseFormat: { name: 'n', schema: {}, ...(strict !== undefined && { strict }) },
  })
  const format = (quirks: ChatQuirks, strict?: boolean) => sent(asking(strict), quirks).response_format
  expect(format({})).toMatchObject({ json_schema: { strict: true } })
  expect(format({}, false)).toMatchObject({ json_schema: { strict: false } })
  expect(format({ schemas: 'loose' })).toEqual({ type: 'json_schema', json_schema: { name: 'n', schema: {} } })
  // A hint may be dropped.
  expect(format({ schemas: 'none' }, false)).toEqual({ type: 'json_object' })
  expect(() => format({ schemas: 'none' })).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error)
})

describe('a file', () => {
  const file = (url: string, name?: string): Message[] => [
    { role: 'user', content: [{ type: 'file', url, ...(name !== undefined && { name }) }] },
  ]
  const pdf = 'data:application/pdf;base64,AA'

  test('is sent in the form that the endpoint accepts', () => {
    expect(sentMessages(file(pdf), {})).toEqual([
      { role: 'user', content: [{ type: 'file', file: { file_data: pdf, filename: 'file.pdf' } }] },
    ])
    expect(sentMessages(file('https://a.example/a.pdf', 'a'), { files: 'document_url' })).toEqual([
      {
        role: 'user',
        content: [{ type: 'document_url', document_url: 'https://a.example/a.pdf', document_name: 'a' }],
      },
    ])
  })

  test.each<[ChatQuirks, string]>([
    [{ files: 'none' }, pdf],
    [{ files: 'file-data' }, 'https://a.example/a.pdf'],
  ])('that the endpoint does not accept is unsupported: %j', (quirks, url) => {
    expect(() => sentMessages(file(url), quirks)).toThrow(expect.objectContaining({ code: 'unsupported' }) as Error)
  })
})

describe('the type of an image or a file', () => {
  const part = (type: 'image' | 'file', url: string): Message[] => [{ role: 'user', content: [{ type, url }] }]
  const sentUrl = (url: string, quirks: ChatQuirks): unknown =>
    (sentMessages(part('image', url), quirks) as { content: { image_url: object }[] }[])[0]?.content[0]?.image_url
  const types: ChatQuirks = { imageTypes: ['image/png', 'image/jpeg'], fileTypes: ['application/pdf'] }

  test('jpg is sent as jpeg', () => {
    for (const quirks of [{}, types]) {
      expect(sentUrl('data:image/jpg;base64,AA', quirks)).toEqual({ url: 'data:image/jpeg;base64,AA' })
      expect(sentUrl('DATA:Image/JPG,AA', quirks)).toEqual({ url: 'data:image/jpeg,AA' })
      expect(sentUrl('https://a.example/a.jpg', quirks)).toEqual({ url: 'https://a.example/a.jpg' })
    }
    const file = sentMessages(part('file', 'data:image/jpg;base64,AA'), {})
    expect(file).toMatchObject([
      { content: [{ file: { file_data: 'data:image/jpeg;base64,AA', filename: 'file.jpeg' } }] },
    ])
  })

  test.each([
    ['image', 'data:image/tiff;base64,AA', 'images of type "image/tiff"'],
    ['image', 'data:image/svg+xml,AA', 'images of type "image/svg+xml"'],
    ['image', 'data:,AA', 'images of type ""'],
    ['file', 'data:text/csv;base64,AA', 'files of type "text/csv"'],
  ] as const)('that the endpoint does not take is unsupported: %s %s', (type, url, what) => {
    const failure = { code: 'unsupported', message: `this endpoint does not accept ${what}` }
    expect(() => sentMessages(part(type, url), types)).toThrow(expect.objectContaining(failure) as Error)
    expect(() => sentMessages(part(type, url), {})).not.toThrow()
  })

  test('of an endpoint that takes none is unsupported, by its address too', () => {
    const failure = { code: 'unsupported', message: 'this endpoint does not accept images' }
    for (const url of ['data:image/png;base64,AA', 'https://a.example/a.png']) {
      expect(() => sentMessages(part('image', url), { imageTypes: [] })).toThrow(
        expect.objectContaining(failure) as Error,
      )
    }
  })
})

test('a turn in which the assistant said nothing is left out where it is refused', () => {
  const call: Message = { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', input: '{}' }] }
  const empty: Message[] = [
    { role: 'assistant', content: '' },
    { role: 'assistant', content: [{ type: 'text', text: ' \n' }] },
  ]
  const messages: Message[] = [...hello.messages, ...empty, call, { role: 'assistant', content: 'a' }, ...empty]
  const sentRoles = (quirks: ChatQuirks): unknown =>
    (sentMessages(messages, quirks) as { role: string; content: unknown; prefix?: boolean }[]).map(
      ({ role, content, prefix = false }) => [role, content, prefix],
    )
  expect(sentRoles({ emptyTurns: 'left-out', prefix: true })).toEqual([
    ['user', 'Hello', false],
    ['assistant', null, false],
    ['assistant', 'a', true],
  ])
  expect(sentRoles({})).toHaveLength(messages.length)
})

describe('thoughts', () => {
  const turn = (origin: string): Message => ({
    role: 'assistant',
    content: [
      { type: 'reasoning', text: 'one ', signature: '' },
      { type: 'reasoning', text: 'two' },
      { type: 'text', text: 'Hi' },
    ],
    origin: { provider: origin, model: 'gpt-4' },
  })
  const own = (as: 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'thinking'): ChatQuirks => ({
    thoughts: { origin: 'acme', as },
  })

  test.each([
    [own('reasoning_content'), { content: 'Hi', reasoning_content: 'one two' }],
    [own('reasoning'), { content: 'Hi', reasoning: 'one two' }],
    [
      own('reasoning_details'),
      {
        content: 'Hi',
        reasoning_details: [
          { type: 'reasoning.text', text: 'one ' },
          { type: 'reasoning.text', text: 'two' },
        ],
      },
    ],
    [
      own('thinking'),
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'one two' }] },
          { type: 'text', text: 'Hi' },
        ],
      },
    ],
  ])('go back as %j', (quirks, expected) => {
    expect(sentMessages([turn('acme')], quirks)).toEqual([{ role: 'assistant', ...expected }])
  })

  test.each([[{}], [own('reasoning_content')], [own('reasoning_details')], [own('thinking')]])(
    'of another provider never go back: %j',
    (quirks: ChatQuirks) => {
      expect(sentMessages([turn('another')], quirks)).toEqual([{ role: 'assistant', content: 'Hi' }])
    },
  )

  test('a call that needs the field has it, empty if there is no thought', () => {
    const call: Message = { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', input: '{}' }] }
    const quirks: ChatQuirks = { thoughts: { origin: 'acme', as: 'reasoning_content', neededWithTools: true } }
    expect(sentMessages([call, turn('another')], quirks)).toMatchObject([
      { content: null, reasoning_content: '' },
      { role: 'assistant', content: 'Hi' },
    ])
    expect((sentMessages([turn('another')], quirks) as object[])[0]).not.toHaveProperty('reasoning_content')
  })
})

test('short ids are kept, others are shortened uniquely and consistently', () => {
  const ids = ['D681PevKs', 'call_1', 'call_2', 'toolu_01A', '', '🌊', 'call_1']
  const messages = ids.map((id): Message => ({ role: 'tool', toolCallId: id, content: '' }))
  const short = (sentMessages(messages, { shortToolIds: true }) as { tool_call_id: string }[]).map(
    (message) => message.tool_call_id,
  )
  for (const id of short) expect(id).toMatch(/^[a-zA-Z0-9]{9}$/)
  expect(short[0]).toBe('D681PevKs')
  expect(short[6]).toBe(short[1])
  expect(new Set(short).size).toBe(6)
  const many = Array.from({ length: 20_000 }, (_, at): Message => ({
    role: 'tool',
    toolCallId: `call_${at}`,
    content: '',
  }))
  const all = (sentMessages(many, { shortToolIds: true }) as { tool_call_id: string }[]).map((one) => one.tool_call_id)
  expect(new Set(all).size).toBe(20_000)
})

test('only a last message of the assistant is a prefix', () => {
  const messages: Message[] = [
    { role: 'assistant', content: 'a' },
    ...hello.messages,
    { role: 'assistant', content: 'b' },
  ]
  expect(sentMessages(messages, { prefix: true })).toEqual([
    { role: 'assistant', content: 'a' },
    ...hello.messages,
    { role: 'assistant', content: 'b', prefix: true },
  ])
})

test('the cache is marked only for an endpoint that supports it', () => {
  expect(sentMessages([{ role: 'system', content: 'a', cache: true }], {})).toEqual([{ role: 'system', content: 'a' }])
})

describe('model lists and embeddings', () => {
  test('a list of models may come without `data`; another document is refused', () => {
    const { read } = modelList()
    expect(read({ data: [{ id: 'a' }, {}, null] })).toEqual([{ id: 'a' }])
    expect(read([{ id: 'a' }])).toEqual([{ id: 'a' }])
    expect(read({ models: [] })).toBeUndefined()
  })

  test('vectors are in the order of the input, whatever the order of the document', () => {
    const { read } = embeddings()
    const data = [
      { index: 1, embedding: [2] },
      { index: 0, embedding: [1] },
    ]
    expect(read({ data })).toEqual({ vectors: [[1], [2]] })
    expect(read({ data: [{ embedding: [1] }], usage: { prompt_tokens: 3 } })).toEqual({
      vectors: [[1]],
      inputTokens: 3,
    })
    expect(read({})).toBeUndefined()
    const malformed = expect.objectContaining({ code: 'malformed' }) as Error
    for (const wrong of [[{ embedding: 'AAAA' }], [null], [data[0], data[0]], [{ index: -1, embedding: [1] }]]) {
      expect(() => read({ data: wrong })).toThrow(malformed)
    }
  })
})

test('the settings of an endpoint are the fields of the dialect without the unsupported ones', () => {
  const all = chatSettings().map(({ name }) => name)
  expect(all).toHaveLength(15)
  expect(chatSettings({ without: ['seed', 'stop'] }).map(({ name }) => name)).toEqual(
    all.filter((name) => name !== 'seed' && name !== 'stop'),
  )
})
