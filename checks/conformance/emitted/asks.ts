import { weather, book } from '../clients/scenario.ts'

/** A dialect of clients: where and how they ask, and the vendor's types of what they get, by their names in `wire.ts`. */
export interface Client {
  readonly by: string
  readonly path: (stream: boolean, model: string) => string
  /** Requests by topic; the model and `stream` are added. */
  readonly asks: Readonly<Record<string, object>>
  readonly document: string
  readonly frame: string
  readonly error: string
  /** Whether model and `stream` are fields of the body. */
  readonly isInBody: boolean
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
/** The simulator calls a tool that is named in the question. */
const BOTH = 'call the weather tool and the time tool'
const time = { name: 'get_time', schema: { type: 'object', properties: {} } }

const say = (content: unknown) => ({ messages: [{ role: 'user', content }] })
const chatTools = [weather, time].map(({ name, schema }) => ({
  type: 'function',
  function: { name, parameters: schema },
}))
const chat: Client['asks'] = {
  text: say('count to 5'),
  usage: { ...say('count to 5'), stream_options: { include_usage: true } },
  reasoning: { ...say('hello'), reasoning_effort: 'low' },
  tools: { ...say(BOTH), tools: chatTools },
  'tools and reasoning': { ...say(BOTH), tools: chatTools, reasoning_effort: 'high' },
  'one tool, forced': {
    ...say('go'),
    tools: chatTools,
    tool_choice: { type: 'function', function: { name: 'get_time' } },
  },
  'a custom tool': { ...say('apply_patch to the file'), tools: [{ type: 'custom', custom: { name: 'apply_patch' } }] },
  structured: {
    ...say('a book'),
    response_format: { type: 'json_schema', json_schema: { name: 'book', schema: book, strict: true } },
  },
  'an image': say([
    { type: 'text', text: 'describe the image' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
  ]),
  refusal: say('refuse this'),
  'cut by length': { ...say('count to 9'), max_tokens: 3 },
  'a stop sequence': { ...say('count to 9'), stop: ['5'] },
  'a wrong request': { messages: 'hello' },
}

const responsesTools = [weather, time].map(({ name, schema }) => ({ type: 'function', name, parameters: schema }))
const input = (content: unknown) => ({ input: [{ role: 'user', content }], store: false })
const thought = { reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'] }
const responses: Client['asks'] = {
  text: { input: 'count to 5', store: false },
  'what is echoed': {
    ...input('count to 5'),
    instructions: 'Be brief.',
    metadata: { a: 'b' },
    max_output_tokens: 900,
    temperature: 0.5,
    parallel_tool_calls: false,
  },
  reasoning: { ...input('hello'), ...thought },
  tools: { ...input(BOTH), tools: responsesTools },
  'tools and reasoning': { ...input(BOTH), tools: responsesTools, ...thought },
  'one tool, forced': { ...input('go'), tools: responsesTools, tool_choice: { type: 'function', name: 'get_time' } },
  'a custom tool': { ...input('apply_patch to the file'), tools: [{ type: 'custom', name: 'apply_patch' }] },
  'a namespace': {
    ...input('use all the tools'),
    tools: [{ type: 'namespace', name: 'sky', description: 'The sky.', tools: responsesTools }],
  },
  'a search': { ...input('search for rivers'), tools: [{ type: 'web_search' }] },
  structured: {
    ...input('a book'),
    text: { format: { type: 'json_schema', name: 'book', schema: book, strict: true } },
  },
  'an image': input([
    { type: 'input_text', text: 'describe the image' },
    { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}`, detail: 'auto' },
  ]),
  refusal: input('refuse this'),
  'cut by length': { ...input('count to 9'), max_output_tokens: 3 },
  'a wrong request': { input: 7 },
}

const messagesTools = [weather, time].map(({ name, schema }) => ({ name, input_schema: schema }))
const thinking = { max_tokens: 4096, thinking: { type: 'enabled', budget_tokens: 1024 } }
const asking = (content: unknown) => ({ max_tokens: 1000, ...say(content) })
const messages: Client['asks'] = {
  text: asking('count to 5'),
  reasoning: { ...asking('hello'), ...thinking },
  tools: { ...asking(BOTH), tools: messagesTools },
  'tools and reasoning': { ...asking(BOTH), ...thinking, tools: messagesTools },
  'one tool, forced': { ...asking('go'), tools: messagesTools, tool_choice: { type: 'tool', name: 'get_time' } },
  'a search': { ...asking('search for rivers'), tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
  structured: { ...asking('a book'), output_config: { format: { type: 'json_schema', schema: book } } },
  'an image': asking([
    { type: 'text', text: 'describe the image' },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
  ]),
  cached: asking([{ type: 'text', text: 'count to 5', cache_control: { type: 'ephemeral' } }]),
  refusal: asking('refuse this'),
  'cut by length': { ...asking('count to 9'), max_tokens: 3 },
  'a stop sequence': { ...asking('count to 9'), stop_sequences: ['5'] },
  'a wrong request': { max_tokens: 'many', ...say('x') },
}

const parts = (...list: object[]) => ({ contents: [{ role: 'user', parts: list }] })
const declared = [
  { functionDeclarations: [weather, time].map(({ name, schema }) => ({ name, parametersJsonSchema: schema })) },
]
const thoughts = { thinkingConfig: { includeThoughts: true } }
const gemini: Client['asks'] = {
  text: parts({ text: 'count to 5' }),
  reasoning: { ...parts({ text: 'hello' }), generationConfig: thoughts },
  tools: { ...parts({ text: BOTH }), tools: declared },
  'tools and reasoning': { ...parts({ text: BOTH }), tools: declared, generationConfig: thoughts },
  'one tool, forced': {
    ...parts({ text: 'go' }),
    tools: declared,
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_time'] } },
  },
  'a search': { ...parts({ text: 'search for rivers' }), tools: [{ googleSearch: {} }] },
  structured: {
    ...parts({ text: 'a book' }),
    generationConfig: { responseMimeType: 'application/json', responseJsonSchema: book },
  },
  'an image': parts({ text: 'describe the image' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }),
  refusal: parts({ text: 'refuse this' }),
  'cut by length': { ...parts({ text: 'count to 9' }), generationConfig: { maxOutputTokens: 3 } },
  'a stop sequence': { ...parts({ text: 'count to 9' }), generationConfig: { stopSequences: ['5'] } },
  'a wrong request': { contents: 7 },
}

export const CLIENTS: readonly Client[] = [
  {
    by: 'openai',
    path: () => '/v1/chat/completions',
    asks: chat,
    document: 'ChatDocument',
    frame: 'ChatFrame',
    error: 'OpenaiError',
    isInBody: true,
  },
  {
    by: 'openai, responses',
    path: () => '/v1/responses',
    asks: responses,
    document: 'ResponsesDocument',
    frame: 'ResponsesFrame',
    error: 'OpenaiError',
    isInBody: true,
  },
  {
    by: '@anthropic-ai/sdk',
    path: () => '/v1/messages',
    asks: messages,
    document: 'MessagesDocument',
    frame: 'MessagesFrame',
    error: 'MessagesError',
    isInBody: true,
  },
  {
    by: '@google/genai',
    path: (stream, model) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    asks: gemini,
    document: 'GeminiDocument',
    frame: 'GeminiFrame',
    error: 'GeminiError',
    isInBody: false,
  },
]
