import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider'
import { asLanguageModel } from '@rivulet/ai-sdk'
import type { ChatEvent, ChatRequest, ProviderInfo } from '@rivulet/core'
import {
  convertToModelMessages,
  generateText,
  jsonSchema,
  type ModelMessage,
  readUIMessageStream,
  streamText,
  tool,
  type ToolSet,
  toUIMessageStream,
  type UIMessage,
} from 'ai'
import { createOpenAI } from '@ai-sdk/openai'
import { createAnthropic } from '@ai-sdk/anthropic'
import { describe, expect, it } from 'vitest'
import { question } from './support/model-parts.ts'
import { saying } from './support/saying.ts'

const answer: ChatEvent[] = [
  { type: 'start', provider: 'acme', model: 'acme-1' },
  { type: 'text', text: 'Hi' },
  { type: 'finish', reason: 'stop' },
]

/** The request that a call becomes, its warnings, and the options of the call. */
async function asked(options: Partial<LanguageModelV4CallOptions>, info: Partial<ProviderInfo> = {}) {
  const provider = saying([answer], info)
  const { warnings } = await asLanguageModel(provider, 'm').doGenerate({ ...question, ...options })
  const { request, call } = provider.asked[0] ?? {}
  return { request: JSON.parse(JSON.stringify(request)) as ChatRequest, call, warnings }
}

const messagesOf = async (prompt: LanguageModelV4Prompt, info: Partial<ProviderInfo> = {}) =>
  (await asked({ prompt }, info)).request.messages

describe('a call becomes a request', () => {
  it('with every setting', async () => {
    const { request, call } = await asked({
      maxOutputTokens: 10,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      stopSequences: ['END'],
      seed: 7,
      reasoning: 'high',
      headers: { 'x-a': 'b', 'x-none': undefined },
    })
    expect(request).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Why is the sky blue?' }] }],
      maxTokens: 10,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      stop: ['END'],
      seed: 7,
      reasoning: 'high',
    })
    expect(call).toMatchObject({ headers: { 'x-a': 'b' }, unsupported: 'drop' })
  })

  it.each([
    [{ type: 'text' }, undefined],
    [{ type: 'json' }, 'json'],
    [
      { type: 'json', schema: { type: 'object' } },
      { name: 'response', schema: { type: 'object' }, strict: 'auto' },
    ],
    [
      { type: 'json', name: 'river', description: 'A river', schema: { type: 'object' } },
      { name: 'river', schema: { type: 'object', description: 'A river' }, strict: 'auto' },
    ],
  ] as const)('with the response format %j as %j', async (responseFormat, expected) => {
    expect((await asked({ responseFormat })).request.responseFormat).toEqual(expected)
  })

  it.each([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'required' }, 'required'],
    [{ type: 'tool', toolName: 'weather' }, { name: 'weather' }],
  ] as const)('with the tool choice %j as %j', async (toolChoice, expected) => {
    const tools = [{ type: 'function' as const, name: 'weather', inputSchema: { type: 'object' as const } }]
    expect((await asked({ tools, toolChoice })).request.toolChoice).toEqual(expected)
    expect((await asked({ toolChoice })).request.toolChoice).toBeUndefined()
  })

  it('with functions, and with the text tool of OpenAI as a text tool', async () => {
    const { request, warnings } = await asked({
      tools: [
        {
          type: 'function',
          name: 'weather',
          description: 'The weather',
          inputSchema: { type: 'object', properties: {} },
          inputExamples: [{ input: {} }],
          strict: true,
          providerOptions: { anthropic: { cacheControl: { type: 'ephemeral', ttl: '1h' } } },
        },
        {
          type: 'provider',
          id: 'openai.custom',
          name: 'patch',
          args: { description: 'A patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: "a"' } },
        },
      ],
    })
    expect(request.tools).toEqual([
      {
        name: 'weather',
        description: 'The weather',
        parameters: { type: 'object', properties: {} },
        strict: true,
        cache: '1h',
      },
      { type: 'text', name: 'patch', description: 'A patch', grammar: { syntax: 'lark', definition: 'start: "a"' } },
    ])
    expect(warnings).toEqual([{ type: 'unsupported', feature: 'inputExamples of tool "weather"' }])
  })

  it.each([
    [
      'openai.web_search',
      { searchContextSize: 'low' },
      'openai-responses',
      { type: 'web_search', search_context_size: 'low' },
    ],
    [
      'anthropic.web_search_20250305',
      { maxUses: 2 },
      'anthropic-messages',
      { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
    ],
    ['google.google_search', {}, 'gemini', { googleSearch: {} }],
    [
      'acme.search',
      { deep: true },
      'ai-sdk',
      { type: 'provider', id: 'acme.search', name: 'search', args: { deep: true } },
    ],
  ] as const)('with the tool %s of a vendor in its dialect', async (id, args, dialect, value) => {
    const { request } = await asked({ tools: [{ type: 'provider', id, name: 'search', args }] })
    expect(request.tools).toEqual([{ type: 'native', dialect, value }])
  })

  it('with a vendor’s tool as it is where models of the AI SDK are below', async () => {
    const given = {
      type: 'provider',
      id: 'openai.web_search',
      name: 'search',
      args: { searchContextSize: 'low' },
    } as const
    const { request } = await asked({ tools: [given] }, { extraKeys: ['openai', 'ai-sdk'] })
    expect(request.tools).toEqual([{ type: 'native', dialect: 'ai-sdk', value: given }])
  })
})

describe('provider options', () => {
  it('are body fields of the provider or dialect that they name, and ours are fields of the request', async () => {
    const { request, warnings } = await asked(
      { providerOptions: { openai: { service_tier: 'flex' }, rivulet: { session: 's', parallelToolCalls: false } } },
      { extraKeys: ['openai', 'openai-chat'] },
    )
    expect(request).toMatchObject({
      extra: { openai: { service_tier: 'flex' } },
      session: 's',
      parallelToolCalls: false,
    })
    expect(warnings).toEqual([])
  })

  it('that no provider below knows are left out and warned of, never an error', async () => {
    const { request, warnings } = await asked({
      providerOptions: { anthropic: { thinking: { type: 'enabled' } }, rivulet: { sesion: 's', session: 1 } },
    })
    expect(request).not.toHaveProperty('extra')
    expect(request).not.toHaveProperty('session')
    expect(warnings).toMatchObject([
      { type: 'unsupported', feature: 'providerOptions.anthropic' },
      { type: 'unsupported', feature: 'providerOptions.rivulet.sesion' },
      { type: 'unsupported', feature: 'providerOptions.rivulet.session' },
    ])
  })
})

describe('a prompt becomes messages', () => {
  it('with marks for the cache, ours or a vendor’s', async () => {
    const marked = { anthropic: { cacheControl: { type: 'ephemeral' } } }
    const messages = await messagesOf([
      { role: 'system', content: 'Be brief.', providerOptions: { rivulet: { cache: '1h' } } },
      { role: 'user', content: [{ type: 'text', text: 'Hi', providerOptions: marked }] },
    ])
    expect(messages).toEqual([
      { role: 'system', content: 'Be brief.', cache: '1h' },
      { role: 'user', content: [{ type: 'text', text: 'Hi', cache: true }] },
    ])
  })

  it.each([
    [
      { data: { type: 'data', data: 'iVBORw0KGgo=' }, mediaType: 'image/png' },
      { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
    ],
    [
      { data: { type: 'data', data: 'iVBORw0KGgo=' }, mediaType: 'image' },
      { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
    ],
    [
      { data: { type: 'data', data: new Uint8Array([1, 2]) }, mediaType: 'application/pdf', filename: 'a.pdf' },
      { type: 'file', url: 'data:application/pdf;base64,AQI=', name: 'a.pdf' },
    ],
    [
      { data: { type: 'url', url: new URL('https://a.example/b.png') }, mediaType: 'image/*' },
      { type: 'image', url: 'https://a.example/b.png' },
    ],
    [
      { data: { type: 'text', text: 'ä' }, mediaType: 'text' },
      { type: 'file', url: 'data:text/plain;base64,w6Q=' },
    ],
  ] as const)('with the file %j', async (file, expected) => {
    const messages = await messagesOf([{ role: 'user', content: [{ type: 'file', ...file }] }])
    expect(messages).toEqual([{ role: 'user', content: [expected] }])
  })

  it.each([
    [{ data: { type: 'reference', reference: { openai: 'file-1' } }, mediaType: 'application/pdf' }, 'openai'],
    [{ data: { type: 'data', data: 'AAAA' }, mediaType: 'image' }, 'image'],
  ] as const)('and refuses a file that no other vendor could read: %j', async (file, words) => {
    await expect(messagesOf([{ role: 'user', content: [{ type: 'file', ...file }] }])).rejects.toThrow(words)
  })

  it.each([
    [{ type: 'text', value: 'sunny' }, { content: 'sunny' }],
    [{ type: 'json', value: { sky: 'blue' } }, { content: '{"sky":"blue"}' }],
    [
      { type: 'error-text', value: 'no' },
      { content: 'no', isError: true },
    ],
    [
      { type: 'error-json', value: { no: 1 } },
      { content: '{"no":1}', isError: true },
    ],
    [
      { type: 'execution-denied', reason: 'Not now.' },
      { content: 'Not now.', isError: true },
    ],
    [
      {
        type: 'content',
        value: [
          { type: 'text', text: 'a' },
          { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AQI=' } },
        ],
      },
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', url: 'data:image/png;base64,AQI=' },
        ],
      },
    ],
  ] as const)('with the result %j of a tool', async (output, expected) => {
    const result = {
      type: 'tool-result',
      toolCallId: 'c1',
      toolName: 'weather',
      output: JSON.parse(JSON.stringify(output)) as never,
    } as const
    const messages = await messagesOf([{ role: 'tool', content: [result] }])
    expect(messages).toEqual([{ role: 'tool', toolCallId: 'c1', ...expected }])
  })

  it('with what the user has said of a remote call', async () => {
    const prompt: LanguageModelV4Prompt = [
      {
        role: 'tool',
        content: [{ type: 'tool-approval-response', approvalId: 'mcpr_1', approved: false, reason: 'No.' }],
      },
    ]
    const value = { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: false, reason: 'No.' }
    expect(await messagesOf(prompt, { extraKeys: ['openai-responses'] })).toEqual([
      { role: 'user', content: [{ type: 'native', dialect: 'openai-responses', value }] },
    ])
    const { warnings } = await asked({ prompt: [...question.prompt, ...prompt] })
    expect(warnings).toMatchObject([{ feature: 'tool-approval-response' }])
  })

  it('with signatures for their author only', async () => {
    const facts = (provider: string, signature: string) => ({ rivulet: { provider, model: 'm', signature } })
    const messages = await messagesOf([
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'a', providerOptions: facts('acme', 'A') },
          { type: 'text', text: '', providerOptions: {} },
          { type: 'reasoning', text: 'b', providerOptions: facts('bcme', 'B') },
          {
            type: 'tool-call',
            toolCallId: 'c1',
            toolName: 'weather',
            input: { city: 'Bern' },
            providerOptions: facts('bcme', 'C'),
          },
        ],
      },
    ])
    expect(messages).toEqual([
      {
        role: 'assistant',
        origin: { provider: 'bcme', model: 'm' },
        content: [
          { type: 'reasoning', text: 'a' },
          { type: 'reasoning', text: 'b', signature: 'B' },
          { type: 'tool-call', id: 'c1', name: 'weather', input: '{"city":"Bern"}', signature: 'C' },
        ],
      },
    ])
  })
})

describe('a turn that ai sends back', () => {
  const turn: ChatEvent[] = [
    { type: 'start', provider: 'acme', model: 'acme-1' },
    { type: 'reasoning', text: 'Hm.', id: 'r1' },
    { type: 'reasoning', text: '', id: 'r1', signature: 'Eq' },
    { type: 'text', text: 'Look:' },
    { type: 'native', dialect: 'anthropic-messages', value: { type: 'server_tool_use', id: 's1' } },
    { type: 'tool-call', id: 'c1', name: 'patch', format: 'text' },
    { type: 'tool-input', id: 'c1', text: '+a' },
    { type: 'finish', reason: 'tool-calls' },
  ]
  const content = [
    { type: 'reasoning', text: 'Hm.', id: 'r1', signature: 'Eq' },
    { type: 'text', text: 'Look:' },
    { type: 'native', dialect: 'anthropic-messages', value: { type: 'server_tool_use', id: 's1' } },
    { type: 'tool-call', id: 'c1', name: 'patch', input: '+a', format: 'text' },
  ]
  const tools: ToolSet = { patch: tool({ inputSchema: jsonSchema({ type: 'string' }) }) }

  it.each(['generated', 'streamed'])('is the turn that it was, in its order, when it was %s', async (how) => {
    const model = asLanguageModel(saying([turn]), 'm')
    const { finalStep } =
      how === 'streamed'
        ? streamText({ model, prompt: 'Go', tools })
        : await generateText({ model, prompt: 'Go', tools })
    const { messages } = (await finalStep).response
    const result: ModelMessage = {
      role: 'tool',
      content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'patch', output: { type: 'text', value: 'done' } }],
    }
    const next = saying([answer])
    await generateText({ model: asLanguageModel(next, 'm'), messages: [...messages, result], tools })
    expect(next.asked[0]?.request.messages[0]).toEqual({
      role: 'assistant',
      content,
      origin: { provider: 'acme', model: 'acme-1' },
    })
  })

  it('is the turn that it was after it has been drawn by useChat and stored', async () => {
    const { stream } = streamText({ model: asLanguageModel(saying([turn]), 'm'), prompt: 'Go', tools })
    let stored: UIMessage | undefined
    for await (const message of readUIMessageStream({ stream: toUIMessageStream({ stream }) })) stored = message
    const parts = stored?.parts.map((part) =>
      part.type === 'tool-patch' ? { ...part, state: 'output-available', output: 'done' } : part,
    )
    const messages = await convertToModelMessages(JSON.parse(JSON.stringify([{ ...stored, parts }])) as UIMessage[])
    const next = saying([answer])
    await generateText({ model: asLanguageModel(next, 'm'), messages, tools })
    expect(next.asked[0]?.request.messages[0]).toEqual({
      role: 'assistant',
      content,
      origin: { provider: 'acme', model: 'acme-1' },
    })
  })
})

it('the tools of the vendors’ packages are the ones that are read', () => {
  const openai = createOpenAI({ apiKey: 'k' })
  const anthropic = createAnthropic({ apiKey: 'k' })
  expect(openai.tools.customTool({})).toMatchObject({ id: 'openai.custom' })
  expect(anthropic.tools.webSearch_20250305({ maxUses: 2 })).toMatchObject({
    id: 'anthropic.web_search_20250305',
    args: { maxUses: 2 },
  })
})

describe('provider options that are none', () => {
  it.each([
    ['{"river":null}', ['river']],
    ['{"river":"flex"}', ['river']],
    ['{"river":["flex"]}', ['river']],
    ['{"rivulet":null}', ['rivulet']],
    ['{"rivulet":"x"}', ['rivulet']],
    ['{"__proto__":{"a":1}}', ['__proto__']],
    ['{"rivulet":{"__proto__":{"a":1},"constructor":1}}', ['rivulet.__proto__', 'rivulet.constructor']],
  ])('are left out and warned of: %s', async (json, names) => {
    const { warnings, request } = await asked({ providerOptions: JSON.parse(json) as never })
    expect(warnings).toMatchObject(names.map((name) => ({ feature: `providerOptions.${name}` })))
    expect(request).not.toHaveProperty('extra')
  })

  it.each([
    [{ river: undefined }],
    [{ rivulet: undefined }],
    [{ other: undefined }],
    [{ rivulet: { session: undefined } }],
  ])('are passed over where a condition did not hold: %o', async (providerOptions) => {
    expect((await asked({ providerOptions: providerOptions as never })).warnings).toEqual([])
  })
})
