import type { AnswerFixture } from '../answer-fixture.ts'
import { bytesOf, latin1 } from '../bytes.ts'
import { linesOf } from '../sse-bytes.ts'

/** A message of a dialect: a JSON object. */
export type Message = Readonly<Record<string, unknown>>

interface Written {
  contentType: string
  body: Uint8Array
}

const isSse = (contentType: string): boolean => contentType.startsWith('text/event-stream')

/** The messages of an answer: of an event stream, JSON lines or a document. Comments and marks such as `[DONE]` are left out. */
export function messagesOf({ contentType, body }: Written): Message[] {
  const lines = isSse(contentType)
    ? linesOf(body).flatMap((line) => (line.startsWith('data:') ? [line.slice(5)] : []))
    : contentType.startsWith('application/json')
      ? [latin1(body)]
      : linesOf(body)
  return lines.filter((line) => line.trimStart().startsWith('{')).map(parsed)
}

/** The text of a line, which has one character for each byte, is decoded as UTF-8. A line of a fixture is an object. */
const parsed = (line: string): Message => JSON.parse(Buffer.from(line, 'latin1').toString()) as Message

/** Messages as a body of this content type. An event is named after the `type` of its message. */
export function bodyOf(contentType: string, messages: readonly (Message | string)[]): Uint8Array {
  return bytesOf(messages.map((message) => written(contentType, message)).join(''))
}

function written(contentType: string, message: Message | string): string {
  const json = typeof message === 'string' ? message : JSON.stringify(message)
  if (!isSse(contentType)) return contentType.startsWith('application/json') ? json : `${json}\n`
  const name = typeof message === 'string' || typeof message.type !== 'string' ? '' : `event: ${message.type}\n`
  return `${name}data: ${json}\n\n`
}

/** Makes answers with other messages than this one has, whose meaning is its text unless another is given. */
export const answersLike =
  (whole: AnswerFixture, endMark: string) =>
  (list: readonly (Message | string)[], meaning: Partial<AnswerFixture> = { text: whole.text }): AnswerFixture => ({
    contentType: whole.contentType,
    body: bodyOf(whole.contentType, list),
    endMark,
    ...meaning,
  })

/** Makes documents in place of this one, with its meaning but for what is given. */
export const documentsLike =
  (onePiece: AnswerFixture) =>
  (message: Message, meaning: Partial<AnswerFixture> = {}): AnswerFixture => ({
    ...onePiece,
    body: bodyOf(onePiece.contentType, [message]),
    ...meaning,
  })

/** The list in a field of a message; empty when there is none. */
export function listIn(message: Message, field: string): Message[] {
  const list = message[field]
  // A fixture's list holds objects.
  return Array.isArray(list) ? (list as Message[]) : []
}

/** The object in a field of a message; empty when there is none. */
export function recordIn(message: Message, field: string): Message {
  const value = message[field]
  return typeof value === 'object' && value !== null ? (value as Message) : {}
}

/** Where an answer can be begun again: after the first half of its messages. */
export const half = (messages: readonly Message[]): readonly Message[] =>
  messages.slice(0, Math.ceil(messages.length / 2))

/** A fixture for each name. */
export const named = <T, U>(of: Readonly<Record<string, T>>, make: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, make(value)]))

/** The calls that every dialect's variants make; their ids are not compared. */
export const CALLS = [
  { type: 'tool-call', id: '', name: 'get_weather', input: '{"city":"Åre"}' },
  { type: 'tool-call', id: '', name: 'get_time', input: '{"zone":"CET"}' },
] as const

/** What a second answer says: text that the first has not. */
export const OTHER_WORDS = 'Another answer.'
export const LATE_WORDS = ' And more.'
