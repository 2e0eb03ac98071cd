import type { ErrorCode } from '@rivulet/core'
import { bytesOf } from './bytes.ts'
import { isRaw, missing, noErrorBehind, noToolCall } from './exemptions.ts'
import type { Script } from './exchange.ts'
import { comesInParts, contentBlock, endlessFrame, openPart, withError } from './fixtures.ts'
import { answering, headOf, LAST_CHUNK, pieceOf, writing } from './http-bytes.ts'
import type { Subject } from './law.ts'
import { turns } from './reading.ts'

/** A way in which the world fails, for any provider. */
export interface Failure {
  /** What the world does, in a few words. */
  readonly name: string
  /** Rows of the truth table. */
  readonly rows: readonly number[]
  /**
   * What a caller gets who asks this one provider alone; several, where transports see different things. Of an error that
   * the subject brings, its own code: see {@link codesOf}.
   */
  readonly codes: readonly ErrorCode[]
  readonly fixture?: 'errorFirst' | 'errorMidStream' | undefined
  /** Content is read before it fails, where an answer can be read before it is whole. */
  readonly afterContent?: boolean | undefined
  /** Only a deadline ends it. */
  readonly silent?: boolean | undefined
  /** It says nothing of the request, whatever its code: in a group, the next member is asked. */
  readonly ofMember?: boolean | undefined
  /** Nobody listens: there is no script to play. */
  readonly unreachable?: boolean | undefined
  /** Why it says nothing of a subject. */
  exempts?(subject: Subject): string | undefined
  /** What the server does, once it is asked. */
  script(subject: Subject): Script
}

const text = ({ answers }: Subject) => answers.text
const head = (subject: Subject): Uint8Array => headOf(text(subject), 'chunked')
const half = (subject: Subject): Uint8Array => pieceOf(openPart(text(subject)), 'chunked')
const failing = (status: number, message: string, headers?: Record<string, string>): Script =>
  answering({
    status,
    contentType: 'application/json',
    body: bytesOf(JSON.stringify({ error: { message } })),
    ...(headers !== undefined && { headers }),
  })

/** Says the block again and again, as fast as it is taken, or a turn of the event loop apart. */
const endlessly =
  (first: Uint8Array, block: Uint8Array, pause = 0): Script =>
  async (exchange) => {
    await exchange.write(first)
    while (await exchange.write(block)) await turns(pause)
  }

const status = (code: number, expected: ErrorCode): Failure => ({
  name: `status ${code}`,
  rows: [12],
  codes: [expected],
  script: () => failing(code, 'no reason'),
})

/** What a caller of this provider gets. */
export function codesOf({ codes, fixture }: Failure, { answers }: Subject): readonly ErrorCode[] {
  const own = fixture === undefined ? undefined : answers[fixture]?.code
  return own === undefined ? codes : [own]
}

/** Every way in which a whole answer can fail to come, row by row of the truth table. */
export const failures: readonly Failure[] = [
  { name: 'a refused connection', rows: [1], codes: ['network'], unreachable: true, script: () => () => undefined },
  { name: 'no answer', rows: [2], codes: ['timeout'], silent: true, script: () => () => undefined },
  {
    name: 'a head and then silence',
    rows: [3],
    codes: ['timeout'],
    silent: true,
    script: (subject) => writing([head(subject)]),
  },
  {
    name: 'content and then silence',
    rows: [4],
    codes: ['timeout'],
    afterContent: true,
    silent: true,
    script: (subject) => writing([head(subject), half(subject)]),
  },
  {
    name: 'an endless trickle',
    rows: [5],
    codes: ['timeout'],
    afterContent: true,
    silent: true,
    script: (subject) =>
      comesInParts(text(subject))
        ? endlessly(head(subject), pieceOf(contentBlock(text(subject), 1), 'chunked'), 10)
        : endlessly(head(subject), pieceOf(bytesOf(' '), 'chunked'), 10),
  },
  { name: 'a reset before the head', rows: [6], codes: ['network'], script: () => (exchange) => exchange.reset() },
  {
    name: 'a close behind the head',
    rows: [6],
    codes: ['truncated'],
    script: (subject) => writing([head(subject)], 'fin'),
  },
  {
    name: 'a reset in the middle',
    rows: [6],
    codes: ['truncated'],
    afterContent: true,
    script: (subject) => writing([head(subject), half(subject)], 'reset'),
  },
  {
    name: 'a close in the middle',
    rows: [6],
    codes: ['truncated'],
    afterContent: true,
    script: (subject) => writing([head(subject), half(subject)], 'fin'),
  },
  {
    name: 'an answer without its end mark',
    rows: [6],
    codes: ['truncated', 'malformed'],
    afterContent: true,
    exempts: (subject) => (text(subject).endMark === false ? 'the end of the body ends its answers' : undefined),
    script: (subject) => writing([head(subject), half(subject), LAST_CHUNK]),
  },
  {
    name: 'an HTML page with status 200',
    rows: [9],
    codes: ['malformed'],
    script: (subject) => answering({ ...text(subject), body: bytesOf('<!doctype html><title>Sign in</title>') }),
  },
  {
    name: 'an empty body with status 200',
    rows: [9],
    codes: ['malformed'],
    script: (subject) => answering({ ...text(subject), body: bytesOf('') }),
  },
  {
    name: 'an error document with status 200',
    rows: [10],
    codes: ['rate-limited'],
    script: () => failing(200, 'Rate limit reached for requests'),
  },
  {
    name: 'an error in place of the first content',
    rows: [10],
    codes: [],
    fixture: 'errorFirst',
    exempts: missing('errorFirst'),
    script: ({ answers: { errorFirst, text: right } }) => answering(errorFirst ?? right),
  },
  {
    name: 'an error behind content',
    rows: [11],
    codes: ['rate-limited'],
    fixture: 'errorMidStream',
    afterContent: true,
    exempts: noErrorBehind,
    script: ({ answers: { errorMidStream, text: whole } }) => answering(errorMidStream ?? withError(whole)),
  },
  status(401, 'auth'),
  status(402, 'quota'),
  status(404, 'not-found'),
  status(400, 'bad-request'),
  status(413, 'context-length'),
  status(408, 'timeout'),
  status(429, 'rate-limited'),
  status(503, 'overloaded'),
  {
    name: 'a Retry-After of years',
    rows: [13],
    codes: ['rate-limited'],
    script: () => failing(429, 'later', { 'retry-after': '99999999' }),
  },
  {
    name: 'an endless error body',
    rows: [14],
    codes: ['overloaded'],
    script: (subject) =>
      endlessly(headOf({ ...text(subject), status: 500 }, 'chunked'), pieceOf(Buffer.alloc(65_536, 'x'), 'chunked')),
  },
  {
    name: 'a line without end',
    rows: [15],
    codes: ['malformed'],
    exempts: isRaw,
    script: (subject) => {
      const first = pieceOf(endlessFrame(text(subject)), 'chunked')
      return endlessly(Buffer.concat([head(subject), first]), pieceOf(Buffer.alloc(1_048_576, 'x'), 'chunked'))
    },
  },
  {
    name: 'a redirect',
    rows: [19],
    codes: ['bad-request'],
    ofMember: true,
    script: () => answering({ status: 307, contentType: '', body: bytesOf(''), headers: { location: '/elsewhere' } }),
  },
  {
    name: 'a tool call whose arguments break off',
    rows: [21],
    codes: ['truncated'],
    afterContent: true,
    exempts: noToolCall('cutToolCall'),
    script: ({ answers: { cutToolCall, text: right } }) => answering(cutToolCall ?? right),
  },
]
