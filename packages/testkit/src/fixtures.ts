import type { ChatRequest } from '@rivulet/core'
import type { AnswerFixture, ErrorFixture } from './answer-fixture.ts'
import { fromLatin1, latin1 } from './bytes.ts'
import type { EmbeddingFixture, Variants } from './variants.ts'

export type { AnswerFixture, ErrorFixture } from './answer-fixture.ts'

/**
 * The answers with which a provider is tried. Only `text` is required; each of the others lets more laws apply. The fields
 * of {@link Variants} come from a function of the dialect, such as `chatVariants(text, onePiece)`.
 */
export interface Fixtures extends Variants {
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
  /** The variants of answers in one piece. */
  onePieceVariants?: Variants | undefined
  /** What `embed()` gets, for a provider that has it. */
  embeddings?: EmbeddingFixture | undefined
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

/** Whether a mark in the answer ends it, rather than the end of its body. */
export const hasEndMark = (answer: AnswerFixture): boolean => answer.endMark !== false && answer.endsWithBody !== true

/** Whether the body of an answer is server-sent events. */
export const isSse = ({ contentType }: { contentType: string }): boolean => contentType.startsWith('text/event-stream')

/** Whether content can be read before the answer is whole. A JSON document is read whole. */
export const comesInParts = ({ contentType }: { contentType: string }): boolean =>
  !contentType.startsWith('application/json')

/** Whether the body is the text of the answer itself, without frames. */
export const isRawText = ({ contentType, endMark }: AnswerFixture): boolean =>
  endMark === false && contentType.startsWith('text/plain')

/** The {@link openPart} repeated, without the message that begins the answer: content of at least this many bytes. */
export function contentBlock(answer: AnswerFixture, bytes: number): Uint8Array {
  const { startMark } = answer
  const messages = latin1(openPart(answer)).split(/(?<=\n\r?\n)/)
  const part = fromLatin1(messages.filter((one) => startMark === undefined || !one.includes(startMark)).join(''))
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

/** What an error event says whose data is not JSON; it means `overloaded`. */
export const ERROR_WORDS = 'The upstream server is overloaded, please try again later'

/** An event stream with an error in words: after its content, or at a byte. What follows it, such as the end mark, stays. */
export function errorInWords(answer: AnswerFixture, at = afterContent(answer)): AnswerFixture {
  const event = fromLatin1(`event: error\ndata: ${ERROR_WORDS}\n\n`)
  return { ...answer, body: Buffer.concat([answer.body.subarray(0, at), event, answer.body.subarray(at)]) }
}

/** The byte after the last whole event before the end mark. */
function afterContent(answer: AnswerFixture): number {
  const open = latin1(openPart(answer))
  const end = open.lastIndexOf('\n\n')
  return end === -1 ? open.length : end + 2
}
