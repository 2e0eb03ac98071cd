import type { AssistantPart, ChatRequest, Message, Origin, Tool, ToolMessage, UserMessage } from '@rivulet/core'

/** Everything that a chat request can ask for, by topic. */

export type Ask = Omit<ChatRequest, 'model'>

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const PAGE = 'data:application/pdf;base64,JVBERi0xLjQKJSVFT0YK'

const says = (content: UserMessage['content'], more: Partial<UserMessage> = {}): UserMessage => ({
  role: 'user',
  content,
  ...more,
})
const asks = (more: Partial<Ask> = {}): Ask => ({ messages: [says('How warm is it in Ulm?')], ...more })

const weather: Tool = {
  name: 'weather',
  description: 'The weather at a place.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
}
const tools = [weather, { name: 'time' }]

const book = {
  type: 'object',
  properties: { title: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
  required: ['title', 'tags'],
  additionalProperties: false,
}

/** A turn that called two tools, and their results. The turn has no origin: to each provider it is its own. */
const called = (
  before: readonly AssistantPart[] = [],
  { origin, result = '21 degrees' }: { origin?: Origin; result?: ToolMessage['content'] } = {},
): Message[] => [
  says('How warm is it in Ulm, and how late?'),
  {
    role: 'assistant',
    content: [
      ...before,
      { type: 'tool-call', id: 'call_a1', name: 'weather', input: '{"city":"Ulm","unit":"celsius"}' },
      { type: 'tool-call', id: 'call_b2', name: 'time', input: '{}' },
    ],
    ...(origin && { origin }),
  },
  { role: 'tool', toolCallId: 'call_a1', content: result },
  { role: 'tool', toolCallId: 'call_b2', content: 'the clock has stopped', isError: true },
]

const another = { provider: 'another', model: 'another' }

const patch: Tool = {
  type: 'text',
  name: 'patch',
  description: 'Patches a file.',
  grammar: { syntax: 'lark', definition: 'start: /.+/' },
}

export const topics: Readonly<Record<string, readonly Ask[]>> = {
  messages: [
    asks(),
    asks({ stream: false }),
    { messages: [{ role: 'system', content: 'Be brief.' }, says('Hello')] },
    { messages: [says('Hello'), { role: 'assistant', content: 'Hello!' }, says([{ type: 'text', text: 'And now?' }])] },
    { messages: [says('Count.'), { role: 'assistant', content: '1, 2,' }] },
  ],
  settings: [
    asks({ maxTokens: 99, stop: ['\n\n', 'END'] }),
    asks({ temperature: 0.4 }),
    asks({ topP: 0.9 }),
    asks({ seed: 7, presencePenalty: 0.5, frequencyPenalty: -0.5 }),
  ],
  images: [
    { messages: [says([{ type: 'image', url: 'https://example.com/a.png' }])] },
    {
      messages: [
        says([
          { type: 'text', text: 'What is it?' },
          { type: 'image', url: PIXEL },
        ]),
      ],
    },
  ],
  files: [
    { messages: [says([{ type: 'file', url: PAGE, name: 'page.pdf' }])] },
    { messages: [says([{ type: 'file', url: PAGE }])] },
    {
      messages: [
        says([
          { type: 'file', url: 'https://example.com/page.pdf' },
          { type: 'text', text: 'Sum it up.' },
        ]),
      ],
    },
  ],
  tools: [
    asks({ tools }),
    ...(['auto', 'none', 'required', { name: 'weather' }] as const).map((toolChoice) => asks({ tools, toolChoice })),
  ],
  'results of tools': [
    { messages: called(), tools },
    { messages: called([{ type: 'text', text: 'Let me see.' }]), tools },
    { messages: [...called(), { role: 'assistant', content: '21 degrees.' }, says('And tomorrow?')], tools },
    { messages: called([{ type: 'reasoning', text: 'Hm.', signature: 'c2ln' }], { origin: another }), tools },
  ],
  'results with images': [
    {
      messages: called([], {
        result: [
          { type: 'text', text: '21 degrees' },
          { type: 'image', url: PIXEL },
        ],
      }),
      tools,
    },
  ],
  'text tools': [
    asks({ tools: [...tools, patch, { type: 'text', name: 'any' }] }),
    {
      messages: [
        says('Mend it.'),
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'call_a1', name: 'patch', input: '*** "a"', format: 'text' }],
        },
        { role: 'tool', toolCallId: 'call_a1', content: 'mended' },
      ],
      tools: [patch],
    },
  ],
  thoughts: [
    { messages: called([{ type: 'reasoning', text: 'Hm.', signature: 'c2lnbmVk' }]), tools },
    {
      messages: called([
        { type: 'reasoning', text: 'Hm.' },
        { type: 'reasoning', text: '', sealed: 'c2VhbGVk', id: 'rs_1' },
      ]),
      tools,
    },
    {
      messages: [
        says('Hello'),
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'A greeting.', signature: 'c2ln' },
            { type: 'text', text: 'Hello!' },
          ],
        },
        says('Again'),
      ],
      reasoning: 'medium',
    },
  ],
  formats: [
    asks({ responseFormat: 'text' }),
    asks({ responseFormat: 'json' }),
    asks({ responseFormat: { name: 'book', schema: book } }),
    asks({ responseFormat: { name: 'book', schema: book, strict: false } }),
  ],
  efforts: (['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const).flatMap((reasoning) => [
    asks({ reasoning }),
    asks({ reasoning, maxTokens: 4096, tools }),
  ]),
  'cache hints': [
    { messages: [{ role: 'system', content: 'Be brief.', cache: true }, says('Hello', { cache: true })] },
    { messages: [says([{ type: 'text', text: 'A long text.' }], { cache: true }), ...called().slice(1)], tools },
  ],
}
