import type { ChatRequest, ErrorCode, ToolCall, Usage } from '@rivulet/core'
import { fromLatin1, latin1 } from './bytes.ts'

/** An answer as bytes, and its meaning. */
export interface AnswerFixture {
  contentType: string
  /** The body as it travels, without HTTP's own framing. */
  body: Uint8Array
  /** The text of the answer. @default '' */
  text?: string | undefined
  /** @default none */
  reasoning?: string | undefined
  /** @default none */
  toolCalls?: readonly ToolCall[] | undefined
  /** What it reports; `'absent'` when it reports nothing. @default anything, as long as its numbers are numbers */
  usage?: Usage | 'absent' | undefined
  /**
   * Whether the body itself marks the end of the answer. `false`: the answer ends where its body ends. A string is
   * stricter than `true`: the first words of the mark, as `'"finish_reason":"stop"'`. An answer that breaks off before them
   * may not end as a success.
   */
  endMark: boolean | string
  /** The mark only allows the end: content may follow, and the end of the body, or a silence, is the end. @default false */
  endsWithBody?: boolean | undefined
  /** Words of the frame that begins the answer, where a second one is an error: `'message_start'`. @default none */
  startMark?: string | undefined
}

/** An answer with status 200 that is an error. */
export interface ErrorFixture {
  contentType: string
  body: Uint8Array
  /** The code that it means. */
  code: ErrorCode
}

/** The answers with which a provider is tried. Only `text` is required; each of the others lets more laws apply. */
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
  /** Other forms of the endpoint's answers, by names of your own. */
  more?: Readonly<Record<string, AnswerFixture>> | undefined
  /** An error before any content. */
  errorFirst?: ErrorFixture | undefined
  /** An error after some content. */
  errorMidStream?: ErrorFixture | undefined
  /** Other forms of tool calls, by names of your own: interleaved, without arguments, with one index for two. */
  toolCalls?: Readonly<Record<string, AnswerFixture>> | undefined
  /** A tool call whose arguments break off, in an answer that ends well. */
  cutToolCall?: Omit<ErrorFixture, 'code'> | undefined
}

/** The part of a subject that its answers need. */
interface Asked {
  answers: Fixtures
  request: ChatRequest
}

export interface NamedAnswer extends AnswerFixture {
  name: string
  request: ChatRequest
}

/** Every answer with content, with its name and the request that asks for it. Empty answers have a law of their own. */
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

/** Whether content can be read before the answer is whole. A JSON document is read whole. */
export const comesInParts = ({ contentType }: { contentType: string }): boolean =>
  !contentType.startsWith('application/json')

/** Whether the body is the text of the answer itself, without frames. */
export const isRawText = ({ contentType, endMark }: AnswerFixture): boolean =>
  endMark === false && contentType.startsWith('text/plain')

/** The {@link openPart} repeated, without the frame that begins the answer: content of at least this many bytes. */
export function contentBlock(answer: AnswerFixture, bytes: number): Uint8Array {
  const { startMark } = answer
  const frames = latin1(openPart(answer)).split(/(?<=\n\r?\n)/)
  const part = fromLatin1(frames.filter((frame) => startMark === undefined || !frame.includes(startMark)).join(''))
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / part.length) }, () => part))
}

/** The start of a frame that never ends: a line of an event stream, or JSON. */
export const endlessFrame = (answer: AnswerFixture): Uint8Array => Buffer.from(isSse(answer) ? 'data: {"' : '{"')

/** A document with an error beside its content, as from an endpoint that failed while it wrote. It means `rate-limited`. */
export function withError(document: AnswerFixture): AnswerFixture {
  const parsed = JSON.parse(latin1(document.body)) as object
  const error = { message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded' }
  return { ...document, body: fromLatin1(JSON.stringify({ ...parsed, error })) }
}

/** The content of an answer without its end, as when an answer stops in the middle. */
export function openPart({ body, endMark, contentType }: AnswerFixture): Uint8Array {
  if (endMark === false) return body
  if (!comesInParts({ contentType })) return body.subarray(0, Math.floor((body.length * 2) / 3))
  const text = latin1(body)
  const mark = typeof endMark === 'string' ? text.indexOf(endMark) : Math.floor((text.length * 2) / 3)
  const lineStart = Math.max(text.lastIndexOf('\n', mark), text.lastIndexOf('\r', mark)) + 1
  return body.subarray(0, lineStart)
}
