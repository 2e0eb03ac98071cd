import type { ChatRequest, ErrorCode, ToolCall, Usage } from '@rivulet/core'
import { fromLatin1, latin1 } from './bytes.ts'

/** An answer as bytes, and what it means. */
export interface AnswerFixture {
  contentType: string
  /** The body as it comes over the wire, before HTTP frames it. */
  body: Uint8Array
  /** The text of the answer. @default '' */
  text?: string | undefined
  /** @default none */
  reasoning?: string | undefined
  /** @default none */
  toolCalls?: readonly ToolCall[] | undefined
  /** What it reports; `'absent'` when it reports nothing. @default not looked at, but for its numbers being numbers */
  usage?: Usage | 'absent' | undefined
  /**
   * Whether the body itself says that the answer is whole. `false`: the end of the body is the end of the answer. A
   * string is better than `true`: the first words that say so, as `'"finish_reason":"stop"'`; before them, nothing may
   * end well.
   */
  endMark: boolean | string
}

/** An answer with status 200 that turns out to be an error. */
export interface ErrorFixture {
  contentType: string
  body: Uint8Array
  /** The code that it means. */
  code: ErrorCode
}

/** The answers that a provider is tried with. Only `text` is needed; each of the others makes the laws tell more. */
export interface Fixtures {
  text: AnswerFixture
  /** Asked for with `stream: false`. */
  onePiece?: AnswerFixture | undefined
  /** Tool calls, asked for with `stream: false`. */
  onePieceToolCalls?: AnswerFixture | undefined
  reasoning?: AnswerFixture | undefined
  toolCall?: AnswerFixture | undefined
  /** The end mark, and no content. */
  empty?: AnswerFixture | undefined
  /** Other forms that the endpoint's answers take, by a name of your own. */
  more?: Readonly<Record<string, AnswerFixture>> | undefined
  /** The error in place of the first content. */
  errorFirst?: ErrorFixture | undefined
  /** The error behind some content. */
  errorMidStream?: ErrorFixture | undefined
  /** Tool calls in the forms that they take, by a name of your own: interleaved, without arguments, with one index for two. */
  toolCalls?: Readonly<Record<string, AnswerFixture>> | undefined
  /** A tool call whose arguments break off, in an answer that ends well. */
  cutToolCall?: Omit<ErrorFixture, 'code'> | undefined
}

/** What of a subject its answers depend on. */
interface Asked {
  answers: Fixtures
  request: ChatRequest
}

export interface NamedAnswer extends AnswerFixture {
  name: string
  request: ChatRequest
}

/** Every answer with content, with its name and the request that asks for it. What is made of an empty one is a law's own. */
export function answersOf({ answers, request }: Asked): NamedAnswer[] {
  const { text, onePiece, reasoning, toolCall, more = {} } = answers
  const all = { text, onePiece, reasoning, toolCall, ...more }
  return Object.entries(all)
    .filter((entry): entry is [string, AnswerFixture] => entry[1] !== undefined)
    .map(([name, answer]) => ({
      ...answer,
      name,
      request: name === 'onePiece' ? { ...request, stream: false } : request,
    }))
}

/** Whether the body of an answer is server-sent events. */
export const isSse = ({ contentType }: { contentType: string }): boolean => contentType.startsWith('text/event-stream')

/** Whether content can be read before the answer is whole. Of a JSON document, nothing can. */
export const comesInParts = ({ contentType }: { contentType: string }): boolean =>
  !contentType.startsWith('application/json')

/** Whether the body is the answer itself, in no frames. */
export const isRawText = ({ contentType, endMark }: AnswerFixture): boolean =>
  endMark === false && contentType.startsWith('text/plain')

/** As {@link openPart}, again and again: a block of content of at least so many bytes. */
export function contentBlock(answer: AnswerFixture, bytes: number): Uint8Array {
  const part = openPart(answer)
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / part.length) }, () => part))
}

/** How a frame begins that then goes on for ever: the line of an event stream, or JSON. */
export const endlessFrame = (answer: AnswerFixture): Uint8Array => Buffer.from(isSse(answer) ? 'data: {"' : '{"')

/** A document with an error beside its content, as from an endpoint that failed when it had begun to write: `rate-limited`. */
export function withError(document: AnswerFixture): AnswerFixture {
  const parsed = JSON.parse(latin1(document.body)) as object
  const error = { message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded' }
  return { ...document, body: fromLatin1(JSON.stringify({ ...parsed, error })) }
}

/** The content of an answer without its end: what has come when an answer stops in the middle. */
export function openPart({ body, endMark, contentType }: AnswerFixture): Uint8Array {
  if (endMark === false) return body
  if (!comesInParts({ contentType })) return body.subarray(0, Math.floor((body.length * 2) / 3))
  const text = latin1(body)
  const mark = typeof endMark === 'string' ? text.indexOf(endMark) : Math.floor((text.length * 2) / 3)
  const lineStart = Math.max(text.lastIndexOf('\n', mark), text.lastIndexOf('\r', mark)) + 1
  return body.subarray(0, lineStart)
}
