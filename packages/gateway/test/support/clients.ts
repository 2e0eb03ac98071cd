/** A question in each dialect, and how its clients read the answer. */

import { at, listAt, textAt } from './json.ts'

export interface Client {
  readonly name: 'chat completions' | 'Responses' | 'Messages' | 'Gemini'
  readonly path: (stream: boolean) => string
  readonly body: (stream: boolean, question?: string) => Record<string, unknown>
  /** The text of a streamed answer. */
  readonly textOf: (events: readonly ReadEvent[]) => string
  /** The text of an answer in one piece. */
  readonly textIn: (document: unknown) => string
  /** Whether the client takes a streamed answer for whole. */
  readonly isWhole: (events: readonly ReadEvent[]) => boolean
  /** The words of the failure inside a stream; `undefined` for none. */
  readonly failureIn: (events: readonly ReadEvent[]) => string | undefined
}

/** An event as it came: its name, and its data as JSON or as text. */
export interface ReadEvent {
  readonly event: string | undefined
  readonly data: unknown
}

/** The events of an event stream; comments are left out. */
export function eventsOf(text: string): ReadEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .flatMap((block) => {
      const lines = block.split('\n')
      const field = (name: string): string[] =>
        lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))
      const data = field('data').join('\n')
      return data === ''
        ? []
        : [{ event: field('event')[0], data: data === '[DONE]' ? data : (JSON.parse(data) as unknown) }]
    })
}

export const commentsOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => (line.startsWith(': ') ? [line.slice(2)] : []))

/** What a client gets in a silence, once the answer has begun. */
export const signOf = ({ name }: Client): string => SIGNS[name]

const SIGNS: Readonly<Record<Client['name'], string>> = {
  'chat completions': ': ping',
  Responses: 'event: keepalive',
  Messages: 'event: ping',
  // The end of an event, and blank lines.
  Gemini: '\n\n\n',
}

const joined = (list: readonly unknown[], read: (each: unknown) => string): string => list.map(read).join('')

/** The words at a path of the first event that has them. */
const wordsAt = (
  events: readonly ReadEvent[],
  type: string | undefined,
  ...path: readonly string[]
): string | undefined =>
  events
    .filter(({ data }) => type === undefined || at(data, 'type') === type)
    .map(({ data }) => textAt(data, ...path))
    .find((words) => words !== '')

export const CLIENTS: readonly Client[] = [
  {
    name: 'chat completions',
    path: () => '/v1/chat/completions',
    body: (stream, question = 'Say hello') => ({ model: 'm', stream, messages: [{ role: 'user', content: question }] }),
    textOf: (events) => joined(events, (event) => textAt(event, 'data', 'choices', 0, 'delta', 'content')),
    textIn: (document) => textAt(document, 'choices', 0, 'message', 'content'),
    isWhole: (events) => events.at(-1)?.data === '[DONE]',
    failureIn: (events) => wordsAt(events, undefined, 'error', 'message'),
  },
  {
    name: 'Responses',
    path: () => '/v1/responses',
    body: (stream, question = 'Say hello') => ({ model: 'm', stream, store: false, input: question }),
    textOf: (events) =>
      joined(
        events.filter(({ event }) => event === 'response.output_text.delta'),
        (event) => textAt(event, 'data', 'delta'),
      ),
    textIn: (document) =>
      joined(
        listAt(document, 'output').flatMap((item) => listAt(item, 'content')),
        (part) => textAt(part, 'text'),
      ),
    isWhole: (events) => events.at(-1)?.event === 'response.completed',
    failureIn: (events) => wordsAt(events, 'response.failed', 'response', 'error', 'message'),
  },
  {
    name: 'Messages',
    path: () => '/v1/messages',
    body: (stream, question = 'Say hello') => ({
      model: 'm',
      max_tokens: 1000,
      stream,
      messages: [{ role: 'user', content: question }],
    }),
    textOf: (events) => joined(events, (event) => textAt(event, 'data', 'delta', 'text')),
    textIn: (document) => joined(listAt(document, 'content'), (block) => textAt(block, 'text')),
    isWhole: (events) => events.at(-1)?.event === 'message_stop',
    failureIn: (events) => wordsAt(events, 'error', 'error', 'message'),
  },
  {
    name: 'Gemini',
    path: (stream) => `/v1beta/models/m:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: (_stream, question = 'Say hello') => ({ contents: [{ role: 'user', parts: [{ text: question }] }] }),
    textOf: (events) =>
      joined(
        events.flatMap(({ data }) => listAt(data, 'candidates', 0, 'content', 'parts')),
        (part) => textAt(part, 'text'),
      ),
    textIn: (document) => joined(listAt(document, 'candidates', 0, 'content', 'parts'), (part) => textAt(part, 'text')),
    isWhole: (events) => at(events.at(-1)?.data, 'candidates', 0, 'finishReason') !== undefined,
    failureIn: (events) => wordsAt(events, undefined, 'error', 'message'),
  },
]
