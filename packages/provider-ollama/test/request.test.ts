import { type ChatRequest, type Message, toMessage } from '@rivulet/core'
import { answered } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { fixture, subject } from './subject.ts'

const { provider, request } = subject
const asking = (name: string) => answered(fixture(name), provider)

describe('the request', () => {
  test('goes to this machine, without a credential', async () => {
    const { resultOf, sent } = asking('text.ndjson')
    await resultOf(request)
    expect(sent).toEqual([
      {
        method: 'POST',
        url: 'http://127.0.0.1:11434/api/chat',
        headers: { 'content-type': 'application/json' },
        body: '{"model":"llama3.2:3b","messages":[{"role":"user","content":"Hello"}],"stream":true}',
      },
    ])
  })

  test('says stream: false', async () => {
    const { stream } = await asking('one-piece.json').bodyOf({ ...request, stream: false })
    expect(stream).toBe(false)
  })

  test('has every setting in its place', async () => {
    const schema = { type: 'object', properties: { x: { type: 'number' } } }
    expect(
      await asking('text.ndjson').bodyOf({
        ...request,
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        maxTokens: 50,
        stop: ['END'],
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        tools: [{ name: 'f', description: 'F.', parameters: schema }, { name: 'g' }],
        responseFormat: { name: 'x', schema },
        reasoning: 'high',
        extra: { ollama: { keep_alive: '5m' } },
      }),
    ).toEqual({
      model: 'llama3.2:3b',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      tools: [
        { type: 'function', function: { name: 'f', description: 'F.', parameters: schema } },
        { type: 'function', function: { name: 'g', parameters: { type: 'object', properties: {} } } },
      ],
      format: schema,
      think: 'high',
      options: {
        temperature: 0.5,
        top_p: 0.9,
        top_k: 40,
        num_predict: 50,
        stop: ['END'],
        seed: 7,
        presence_penalty: 0.1,
        frequency_penalty: 0.2,
      },
      keep_alive: '5m',
    })
  })

  test.each([
    ['none', false],
    ['minimal', 'low', "reasoning: 'minimal' sent as 'low'"],
    ['low', 'low'],
    ['medium', 'medium'],
    ['high', 'high'],
    ['xhigh', 'high', "reasoning: 'xhigh' sent as 'high'"],
    ['max', 'high', "reasoning: 'max' sent as 'high'"],
  ] as const)('asks for reasoning %s as think: %j, and names a step that it does not know', async (...row) => {
    const [reasoning, think, named] = row
    const { bodyOf, resultOf } = asking('text.ndjson')
    expect((await bodyOf({ ...request, reasoning })).think).toBe(think)
    expect((await resultOf({ ...request, reasoning })).dropped).toEqual(named && [named])
  })

  test('names any JSON, and refuses toolChoice, for which there is no field', async () => {
    const { format } = await asking('text.ndjson').bodyOf({ ...request, responseFormat: 'json' })
    expect(format).toBe('json')
    expect(() => provider({}).stream({ ...request, toolChoice: 'none' })).toThrow(/toolChoice/)
  })
})

describe('the conversation', () => {
  const messagesOf = async (messages: Message[]): Promise<unknown> =>
    (await asking('text.ndjson').bodyOf({ ...request, messages })).messages

  test('has instructions in their place, and images beside the text', async () => {
    expect(
      await messagesOf([
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is' },
            { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
            { type: 'text', text: 'this?' },
          ],
        },
      ]),
    ).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is\nthis?', images: ['iVBORw0KGgo='] },
    ])
  })

  test('has calls with their arguments, results by name, and failures in words', async () => {
    const answer = await asking('tool-call.ndjson').resultOf(request)
    expect(
      await messagesOf([
        toMessage(answer),
        { role: 'tool', toolCallId: 'call_8f2b1a3c', content: 'Rain.' },
        { role: 'tool', toolCallId: 'unknown', content: 'no clock', isError: true },
      ]),
    ).toEqual([
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [{ id: 'call_8f2b1a3c', function: { name: 'get_weather', arguments: { location: 'Zürich' } } }],
      },
      { role: 'tool', content: 'Rain.', tool_name: 'get_weather', tool_call_id: 'call_8f2b1a3c' },
      { role: 'tool', content: 'Error: no clock', tool_name: 'unknown', tool_call_id: 'unknown' },
    ])
  })

  test('has the images of a result in the result', async () => {
    const content = [
      { type: 'text', text: 'The picture:' },
      { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
    ] as const
    expect(await messagesOf([{ role: 'tool', toolCallId: 'a', content }])).toEqual([
      { role: 'tool', content: 'The picture:', images: ['iVBORw0KGgo='], tool_name: 'a', tool_call_id: 'a' },
    ])
  })

  test('has only its own reasoning', async () => {
    const content = [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'reasoning', text: ' So.' },
      { type: 'text', text: 'Yes.' },
    ] as const
    const turn = { role: 'assistant' as const, content }
    const kept = [{ role: 'assistant', content: 'Yes.', thinking: 'Hm. So.' }]
    expect(await messagesOf([turn])).toEqual(kept)
    expect(await messagesOf([{ ...turn, origin: { provider: 'ollama', model: request.model } }])).toEqual(kept)
    for (const origin of [
      { provider: 'google', model: request.model },
      { provider: 'ollama', model: 'qwen3:8b' },
    ]) {
      expect(await messagesOf([{ ...turn, origin }])).toEqual([{ role: 'assistant', content: 'Yes.' }])
      const asked = { ...request, messages: [...request.messages, { ...turn, origin }] }
      expect((await asking('text.ndjson').resultOf(asked)).dropped).toEqual(['reasoning of another model'])
    }
  })

  test.each([
    ['an image by its address', { type: 'image', url: 'https://example.com/a.png' }],
    ['a document', { type: 'file', url: 'data:application/pdf;base64,JVBERi0=' }],
  ] as const)('refuses %s as unsupported, so that a group can go on to its next member', async (_what, part) => {
    const { provider: made, resultOf, sent } = asking('text.ndjson')
    const asked: ChatRequest = { ...request, messages: [{ role: 'user', content: [part] }] }
    await expect(resultOf(asked)).rejects.toMatchObject({ code: 'unsupported' })
    expect(() => made.stream(asked)).not.toThrow()
    expect(sent).toEqual([])
  })
})

describe('tools', () => {
  const patch = { type: 'text', name: 'patch', description: 'Patches.' } as const

  test('that take text are functions, and their calls are text again', async () => {
    const args = { input: 'a\n"b"' }
    const message = {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'c', function: { name: 'patch', arguments: args } }],
    }
    const body = `${JSON.stringify({ model: 'm', message, done: true })}\n`
    const { bodyOf, resultOf } = answered({ body, contentType: 'application/x-ndjson' }, provider)
    const asked = { ...request, tools: [patch] }
    const answer = await resultOf(asked)
    expect(answer.toolCalls).toEqual([{ type: 'tool-call', id: 'c', name: 'patch', format: 'text', input: 'a\n"b"' }])
    expect(answer.dropped).toEqual(["tool 'patch' sent as a function"])
    const { tools, messages } = await bodyOf({ ...asked, messages: [...request.messages, toMessage(answer)] })
    expect(tools).toMatchObject([{ function: { name: 'patch', parameters: { required: ['input'] } } }])
    expect(messages).toMatchObject([{}, { tool_calls: [{ function: { arguments: args } }] }])
  })

  test('of its own dialect are sent as they are, and those of another are unsupported', async () => {
    const value = { type: 'function', function: { name: 'f' } }
    const own = { type: 'native', dialect: 'ollama', value } as const
    expect((await asking('text.ndjson').bodyOf({ ...request, tools: [own] })).tools).toEqual([value])
    const other = { ...own, dialect: 'gemini' }
    const answer = asking('text.ndjson').resultOf({ ...request, tools: [other] })
    await expect(answer).rejects.toMatchObject({ code: 'unsupported' })
  })
})

test('what has no place is left out and named: cache marks, native parts, strictness, fields of another dialect', async () => {
  const native = { type: 'native', dialect: 'gemini', value: { executableCode: {} } } as const
  const messages: Message[] = [
    { role: 'user', content: [{ type: 'text', text: 'Hello', cache: '1h' }] },
    { role: 'assistant', content: [native] },
    { role: 'user', content: 'Go on.' },
  ]
  const asked: ChatRequest = {
    ...request,
    messages,
    tools: [{ name: 'f', strict: true }],
    native: { dialect: 'openai-chat', text: '{}', body: {}, headers: {}, unnamed: ['user'] },
  }
  const { bodyOf, resultOf } = asking('text.ndjson')
  expect((await bodyOf(asked)).messages).toEqual([
    { role: 'user', content: 'Hello' },
    { role: 'user', content: 'Go on.' },
  ])
  expect((await resultOf(asked)).dropped).toEqual(['cache', 'strict', 'native parts of gemini', 'user'])
})

describe('what the server refuses', () => {
  test('is left out, or made whole: an empty list of tools, a schema without a type', async () => {
    expect(await asking('text.ndjson').bodyOf({ ...request, tools: [] })).not.toHaveProperty('tools')
    const { tools } = await asking('text.ndjson').bodyOf({ ...request, tools: [{ name: 'f', parameters: {} }] })
    const parameters = { type: 'object', properties: {} }
    expect(tools).toEqual([{ type: 'function', function: { name: 'f', parameters } }])
  })

  test.each([
    ['{"x":', { INVALID_JSON: '{"x":' }],
    ['', {}],
    ['null', {}],
  ])('goes out as an object: the arguments %j', async (json, args) => {
    const messages: Message[] = [
      { role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'f', input: json }] },
    ]
    expect((await asking('text.ndjson').bodyOf({ ...request, messages })).messages).toMatchObject([
      { tool_calls: [{ function: { arguments: args } }] },
    ])
  })
})
