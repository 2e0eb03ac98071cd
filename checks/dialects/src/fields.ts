/** What a request may have, one by one. */

import type { AssistantPart, ChatRequest, Message, Tool, ToolPart, UserPart } from '@rivulet/core'
import { partsOf } from '@rivulet/core/provider'

export interface Field {
  name: string
  /** The fields of a request that has it; the model and, where there are none, the messages are added. */
  request: Omit<ChatRequest, 'model' | 'messages'> & { messages?: readonly Message[] }
  /** The same, of a request that has arrived: equal to that of the request that was sent, if it has survived. */
  pick: (request: ChatRequest) => unknown
}

export const QUESTION: Message = { role: 'user', content: 'Count to 3.' }

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const PDF = `data:application/pdf;base64,${btoa('%PDF-1.4 a page')}`

const weather: Tool = {
  name: 'weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}
const patch: Tool = { type: 'text', name: 'apply_patch', description: 'Applies a patch.' }
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}

/** A setting: a field of the request itself. */
const setting = <Name extends keyof Field['request'] & keyof ChatRequest>(
  name: Name,
  value: ChatRequest[Name],
  more: Field['request'] = {},
  label: string = name,
): Field => ({ name: label, request: { ...more, [name]: value }, pick: (request) => request[name] })

const user = (name: string, parts: readonly UserPart[], pick: (parts: readonly UserPart[]) => unknown): Field => ({
  name,
  request: { messages: [{ role: 'user', content: parts }] },
  pick: ({ messages }) => pick(messages.flatMap((message) => (message.role === 'user' ? partsOf(message) : []))),
})

const call = (name: string, input: string): AssistantPart => ({ type: 'tool-call', id: 'call_1', name, input })

/** A conversation with a turn of the assistant's, in which it calls the weather tool. */
const turn = (
  name: string,
  content: readonly AssistantPart[],
  pick: (parts: readonly AssistantPart[]) => unknown,
): Field => ({
  name,
  request: {
    tools: [weather, patch],
    messages: [
      QUESTION,
      { role: 'assistant', content },
      ...content.flatMap((part): Message[] =>
        part.type === 'tool-call' ? [{ role: 'tool', toolCallId: part.id, content: 'Sunny.' }] : [],
      ),
      { role: 'user', content: 'Go on: count to 4.' },
    ],
  },
  pick: ({ messages }) => pick(messages.flatMap((message) => (message.role === 'assistant' ? partsOf(message) : []))),
})

const result = (
  name: string,
  content: string | readonly ToolPart[],
  pick: (parts: readonly ToolPart[]) => unknown,
  more: object = {},
): Field => ({
  name,
  request: {
    tools: [weather],
    messages: [
      QUESTION,
      { role: 'assistant', content: [call('weather', '{"city":"Ulm"}')] },
      { role: 'tool', toolCallId: 'call_1', content, ...more },
      { role: 'user', content: 'Go on: count to 4.' },
    ],
  },
  pick: ({ messages }) => pick(messages.flatMap((message) => (message.role === 'tool' ? partsOf(message) : []))),
})

const texts = (parts: readonly { type: string; text?: string }[]): unknown =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
const typesOf = (parts: readonly { type: string }[]): unknown => parts.map(({ type }) => type)
const urlsOf = (parts: readonly { type: string; url?: string }[]): unknown =>
  parts.flatMap((part) => (part.url === undefined ? [] : [[part.type, part.url]]))
const nameAndFormat = (tool: Tool): unknown =>
  tool.type === 'native' ? tool : [tool.name, tool.description, tool.type ?? 'function']
const marks = ({ messages, tools = [] }: ChatRequest): unknown =>
  [
    ...tools.map((tool) => ('cache' in tool ? tool.cache : undefined)),
    ...messages.flatMap((message) => {
      const own = 'cache' in message ? message.cache : undefined
      const parts: readonly object[] = message.role === 'system' ? [] : partsOf(message)
      return [own, ...parts.map((part) => ('cache' in part ? part.cache : undefined))]
    }),
  ].filter((mark) => mark !== undefined)

export const FIELDS: readonly Field[] = [
  { name: 'a question', request: {}, pick: ({ messages }) => messages },
  {
    name: 'a system message',
    request: { messages: [{ role: 'system', content: 'Be brief.' }, QUESTION] },
    pick: ({ messages }) => messages,
  },
  setting('stream', false),
  setting('temperature', 0.5),
  setting('topP', 0.9),
  setting('topK', 40),
  setting('maxTokens', 900),
  setting('stop', ['END']),
  setting('seed', 7),
  setting('presencePenalty', 0.5),
  setting('frequencyPenalty', 0.5),
  ...(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const).map((effort) =>
    setting('reasoning', effort, {}, `reasoning: ${effort}`),
  ),
  setting(
    'responseFormat',
    'json',
    { messages: [{ role: 'user', content: 'Say it as JSON.' }] },
    'responseFormat: json',
  ),
  setting('responseFormat', { name: 'place', schema, strict: true }, {}, 'responseFormat: a schema'),
  {
    name: 'responseFormat: a schema as a hint',
    request: { responseFormat: { name: 'place', schema: { ...schema, minProperties: 1 }, strict: false } },
    pick: ({ responseFormat }) => typeof responseFormat === 'object' && responseFormat.schema,
  },
  {
    name: 'tools',
    request: { tools: [weather] },
    // Without a word on it, a tool is not strict.
    pick: ({ tools }) => tools?.map((tool) => ({ ...tool, strict: 'strict' in tool && tool.strict === true })),
  },
  {
    name: 'tools: strict',
    request: { tools: [{ ...weather, parameters: schema, strict: true }] },
    pick: ({ tools }) => tools?.map((tool) => 'strict' in tool && tool.strict),
  },
  { name: 'tools: text', request: { tools: [patch] }, pick: ({ tools }) => tools?.map(nameAndFormat) },
  {
    name: 'tools: a grammar',
    request: { tools: [{ ...patch, grammar: { syntax: 'lark', definition: 'start: "a"' } } as Tool] },
    pick: ({ tools }) => tools?.map((tool) => 'grammar' in tool && tool.grammar),
  },
  ...(['auto', 'none', 'required'] as const).map((choice) =>
    setting('toolChoice', choice, { tools: [weather] }, `toolChoice: ${choice}`),
  ),
  setting('toolChoice', { name: 'weather' }, { tools: [weather] }, 'toolChoice: a tool'),
  setting('parallelToolCalls', false, { tools: [weather] }),
  user(
    'an image as data',
    [
      { type: 'text', text: 'What is it?' },
      { type: 'image', url: PIXEL },
    ],
    urlsOf,
  ),
  user(
    'an image by address',
    [
      { type: 'image', url: 'https://images.example/a.png' },
      { type: 'text', text: 'So?' },
    ],
    urlsOf,
  ),
  user(
    'a PDF',
    [
      { type: 'file', url: PDF, name: 'page.pdf' },
      { type: 'text', text: 'So?' },
    ],
    urlsOf,
  ),
  turn('a turn of text', [{ type: 'text', text: 'One, two.' }], texts),
  turn('a tool call', [call('weather', '{"city":"Ulm"}')], (parts) => parts),
  turn(
    'a call of a text tool',
    [{ type: 'tool-call', id: 'call_1', name: 'apply_patch', input: '*** a\n"b"', format: 'text' }],
    (parts) => parts,
  ),
  turn('text, then a call', [{ type: 'text', text: 'Let me look.' }, call('weather', '{"city":"Ulm"}')], typesOf),
  turn('a call, then text', [call('weather', '{"city":"Ulm"}'), { type: 'text', text: 'I have looked.' }], typesOf),
  result('a tool result', 'Sunny.', texts),
  result('a tool result: an error', 'No such city.', () => true, { isError: true }),
  result(
    'a tool result: an image',
    [
      { type: 'text', text: 'A map:' },
      { type: 'image', url: PIXEL },
    ],
    urlsOf,
  ),
  result('a tool result: a PDF', [{ type: 'file', url: PDF, name: 'page.pdf' }], urlsOf),
  {
    name: 'cache: a system message',
    request: { messages: [{ role: 'system', content: 'Be brief.', cache: true }, QUESTION] },
    pick: marks,
  },
  {
    name: 'cache: a part, for an hour',
    request: { messages: [{ role: 'user', content: [{ type: 'text', text: 'Count to 3.', cache: '1h' }] }] },
    pick: marks,
  },
  { name: 'cache: a tool', request: { tools: [{ ...weather, cache: true }] }, pick: marks },
  result('cache: a tool result', 'Sunny.', () => true, { cache: true }),
]
