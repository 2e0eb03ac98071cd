import { ChatError, type ChatEvent, type ErrorCode, type Provider } from '@rivulet/core'
import { finish, member, text } from './members.ts'

/** What a provider that is not ours does, and what a reader of it alone may be told. */
export interface Hostility {
  name: string
  /** Of its answer: nothing is content, some of it is, or all of it is and a lie follows its end. */
  gives: 'nothing' | 'a part' | 'a whole answer'
  code: ErrorCode
  stream: Provider['stream']
}

const start: ChatEvent = { type: 'start', provider: 'hostile', model: 'm' }
const fetchFailed = (): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }) })
const unreadable = (): Error =>
  Object.defineProperty(new Error(), 'message', {
    get() {
      throw new Error('no message')
    },
  })

/** Gives these events, and then throws, if there is anything to throw. */
function giving(events: readonly unknown[], end?: { throws: () => unknown }): Provider['stream'] {
  return async function* () {
    for (const event of events) yield event as ChatEvent
    if (end !== undefined) throw end.throws()
  }
}

/** A stream with this iterator, which a generator would not make. */
const iterating =
  (iterator: object): Provider['stream'] =>
  () =>
    ({ [Symbol.asyncIterator]: () => iterator }) as AsyncIterable<ChatEvent>

const returning =
  (value: unknown): Provider['stream'] =>
  () =>
    value as AsyncIterable<ChatEvent>

const throwing =
  (error: unknown): Provider['stream'] =>
  () => {
    throw error
  }

const OTHER_CODE = Object.defineProperty(new ChatError('network', 'of another copy'), 'code', { value: 'on-fire' })

export const HOSTILITIES: readonly Hostility[] = [
  { name: 'ends before its first event', gives: 'nothing', code: 'truncated', stream: giving([]) },
  { name: 'ends after its start', gives: 'nothing', code: 'truncated', stream: giving([start]) },
  { name: 'gives an end and no content', gives: 'nothing', code: 'malformed', stream: giving([start, finish]) },
  { name: 'gives empty text only', gives: 'nothing', code: 'malformed', stream: giving([start, text(''), finish]) },
  { name: 'fails to fetch', gives: 'nothing', code: 'network', stream: giving([], { throws: fetchFailed }) },
  {
    name: 'throws a TypeError',
    gives: 'nothing',
    code: 'malformed',
    stream: giving([], { throws: () => new TypeError('x') }),
  },
  { name: 'throws a string', gives: 'nothing', code: 'malformed', stream: giving([start], { throws: () => 'no' }) },
  { name: 'throws nothing', gives: 'nothing', code: 'malformed', stream: giving([start], { throws: () => undefined }) },
  {
    name: 'throws a bare object',
    gives: 'nothing',
    code: 'malformed',
    stream: giving([], { throws: (): unknown => Object.create(null) }),
  },
  {
    name: 'throws what has no message',
    gives: 'nothing',
    code: 'malformed',
    stream: giving([], { throws: unreadable }),
  },
  {
    name: 'throws an unknown code',
    gives: 'nothing',
    code: 'malformed',
    stream: giving([], { throws: () => OTHER_CODE }),
  },
  {
    name: 'throws a ChatError at the call',
    gives: 'nothing',
    code: 'auth',
    stream: throwing(new ChatError('auth', 'no')),
  },
  { name: 'throws an Error at the call', gives: 'nothing', code: 'malformed', stream: throwing(new Error('boom')) },
  { name: 'returns nothing', gives: 'nothing', code: 'malformed', stream: returning(undefined) },
  {
    name: 'returns a promise',
    gives: 'nothing',
    code: 'malformed',
    stream: (() => Promise.resolve(giving([start, finish]))) as never,
  },
  { name: 'returns an array', gives: 'nothing', code: 'malformed', stream: returning([start, finish]) },
  {
    name: 'has an iterator that throws',
    gives: 'nothing',
    code: 'malformed',
    stream: returning({ [Symbol.asyncIterator]: throwing(new TypeError('boom')) }),
  },
  {
    name: 'has a next() that throws',
    gives: 'nothing',
    code: 'malformed',
    stream: iterating({ next: throwing(new Error('boom')) }),
  },
  {
    name: 'has a next() that gives nothing',
    gives: 'nothing',
    code: 'malformed',
    stream: iterating({ next: () => undefined }),
  },
  { name: 'gives null for an event', gives: 'nothing', code: 'malformed', stream: giving([null]) },
  { name: 'ends after some text', gives: 'a part', code: 'truncated', stream: giving([start, text('Hel')]) },
  {
    name: 'fails to fetch after some text',
    gives: 'a part',
    code: 'network',
    stream: giving([start, text('Hel')], { throws: fetchFailed }),
  },
  {
    name: 'throws an Error after some text',
    gives: 'a part',
    code: 'malformed',
    stream: giving([start, text('Hel')], { throws: () => new Error('boom') }),
  },
  {
    name: 'throws a frozen ChatError after some text',
    gives: 'a part',
    code: 'overloaded',
    stream: giving([start, text('Hel')], { throws: () => Object.freeze(new ChatError('overloaded', 'no')) }),
  },
  {
    name: 'gives null after some text',
    gives: 'a part',
    code: 'malformed',
    stream: giving([start, text('Hel'), null]),
  },
  {
    name: 'finishes twice',
    gives: 'a whole answer',
    code: 'malformed',
    stream: giving([start, text('Hello'), finish, finish]),
  },
  {
    name: 'gives text after its end',
    gives: 'a whole answer',
    code: 'malformed',
    stream: giving([start, text('Hello'), finish, text('!')]),
  },
]

/** A provider that never answers, closes or heeds its signal; after some text, where it says so. */
export const deaf = (events: readonly ChatEvent[] = []): Provider => {
  const rest = [...events]
  const never = (): Promise<never> => new Promise(() => undefined)
  const iterator = {
    next: () => {
      const value = rest.shift()
      return value === undefined ? never() : Promise.resolve({ done: false, value })
    },
    return: never,
  }
  return { ...member('deaf'), stream: iterating(iterator), models: never, embed: never }
}

export const hostile = ({ stream }: Hostility): Provider => ({ ...member('hostile'), stream })

/** Answers 'Hello', or the rest of it. */
export function sound(id = 'sound'): Provider {
  const made = member(id)
  return {
    ...made,
    info: { ...made.info, prefill: true },
    async *stream({ messages }) {
      const last = messages.at(-1)
      yield { type: 'start', provider: id, model: 'm' }
      yield text('Hello'.slice(last?.role === 'assistant' ? last.content.length : 0))
      yield finish
    },
  }
}
