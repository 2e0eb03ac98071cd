import type { ErrorCode } from '@rivulet/core'
import { bytesOf } from './bytes.ts'
import { isRaw, missing, noErrorAfter, noEventsInWords, noToolCall, noVariant } from './exemptions.ts'
import type { Script } from './exchange.ts'
import { comesInParts, contentBlock, endlessFrame, errorInWords, openPart, withError } from './fixtures.ts'
import { answering, headOf, LAST_CHUNK, pieceOf, writing } from './http-bytes.ts'
import type { Subject } from './law.ts'
import { turns } from './reading.ts'
import { variantOf } from './variants.ts'

/** A way in which an endpoint or a network fails any provider. */
export interface Failure {
  /** What happens, in a few words. */
  readonly name: string
  /** Rows of the truth table. */
  readonly rows: readonly number[]
  /**
   * What the caller of this one provider gets; several where transports see different things. Where the subject's own
   * fixture is played, the fixture has the code: see {@link codesOf}.
   */
  readonly codes: readonly ErrorCode[]
  readonly fixture?: 'errorFirst' | 'errorMidStream' | undefined
  /** Content comes before the failure, unless the answer is a document, which is read whole. */
  readonly afterContent?: boolean | undefined
  /** Only a deadline ends it: any, or the one after this many milliseconds. */
  readonly silent?: boolean | number | undefined
  /** It is the member's fault and not the request's, whatever its code: in a group, the next member is asked. */
  readonly ofMember?: boolean | undefined
  /** No server is there: no script is played. */
  readonly unreachable?: boolean | undefined
  /** Why it does not apply to a subject. */
  exempts?(subject: Subject): string | undefined
  /** What the server does with the request. */
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

/** Sends the block again and again, as fast as the client reads, or with this many turns of the event loop in between. */
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

/** Every way in which a whole answer can fail to arrive, in the order of the truth table's rows. */
export const failures: readonly Failure[] = [
  { name: 'a refused connection', rows: [1], codes: ['network'], unreachable: true, script: () => () => undefined },
  { name: 'no answer', rows: [2], codes: ['timeout'], silent: true, script: () => () => undefined },
  {
    name: 'a response head and then silence',
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
  {
    name: 'a reset before the response head',
    rows: [6],
    codes: ['network'],
    script: () => (exchange) => exchange.reset(),
  },
  {
    name: 'a close after the response head',
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
    exempts: (subject) => (text(subject).endMark === false ? 'its answers end where their body ends' : undefined),
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
    name: 'an error before any content',
    rows: [10],
    codes: [],
    fixture: 'errorFirst',
    exempts: missing('errorFirst'),
    script: ({ answers: { errorFirst, text: right } }) => answering(errorFirst ?? right),
  },
  {
    name: 'an error after content',
    rows: [11],
    codes: ['rate-limited'],
    fixture: 'errorMidStream',
    afterContent: true,
    exempts: noErrorAfter,
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
    name: 'an endless line',
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
  {
    name: 'an answer without its end mark, and an empty finish reason in each piece',
    rows: [28],
    codes: ['truncated', 'malformed'],
    afterContent: true,
    exempts: noVariant('emptyReasons'),
    script(subject) {
      const broken = firstOf(variantOf(subject, 'emptyReasons'))
      return writing([headOf(broken, 'chunked'), pieceOf(openPart(broken), 'chunked'), LAST_CHUNK])
    },
  },
  {
    name: 'an error in words after content',
    rows: [30],
    codes: ['overloaded'],
    afterContent: true,
    exempts: noEventsInWords,
    script: (subject) => answering(errorInWords(text(subject))),
  },
  {
    name: 'an end mark alone',
    rows: [32],
    codes: ['malformed'],
    exempts: noVariant('endMarkAlone'),
    script: (subject) => answering(firstOf(variantOf(subject, 'endMarkAlone'))),
  },
  {
    name: 'an error status that keeps its body back',
    rows: [35],
    codes: ['overloaded'],
    silent: 1_000,
    script: () =>
      writing([headOf({ contentType: 'application/json', status: 503, body: new Uint8Array(100) }, 'length')]),
  },
]

function firstOf<T>(variants: Readonly<Record<string, T>>): T {
  const [first] = Object.values(variants)
  if (first === undefined) throw new TypeError('There is no variant.')
  return first
}
