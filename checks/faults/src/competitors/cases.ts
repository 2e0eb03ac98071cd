import {
  type AnswerFixture,
  answering,
  ERROR_WORDS,
  errorInWords,
  failures,
  headOf,
  LAST_CHUNK,
  openPart,
  pieceOf,
  type Script,
  splitBytes,
  writing,
} from '@rivulet/testkit'
import { type competitorSubject, WORDS } from './dialects.ts'

type CompetitorSubject = Awaited<ReturnType<typeof competitorSubject>>

/** One fault, and what a caller should get. */
export interface CompetitorCase {
  row: number
  name: string
  script: (subject: CompetitorSubject, elsewhere: string) => Script
  /** `left`: the caller broke out of its loop. `any`: an error or an end. */
  expected: 'error' | 'text' | 'left' | 'any'
  /** The endpoint's own words, which an error must pass on. */
  words?: string
  manner?: 'break' | 'abort'
  /** The server keeps the connection open: the client must close it. */
  closes?: boolean
  /** A client that reads more than this has no bound. */
  boundBytes?: number
  /** The only dialect with this fault. */
  only?: string
}

const MIB = 1024 * 1024
const FLOOD_BYTES = 100 * MIB

/** The script of testkit's failure with this name. */
const asFailure = (name: string) => (subject: CompetitorSubject) => {
  const failure = failures.find((one) => one.name === name)
  if (failure === undefined) throw new TypeError(`There is no failure "${name}".`)
  return failure.script(subject)
}

/** A variant of the dialect's answer, by its name. */
function variant({ answers }: CompetitorSubject, field: 'emptyReasons' | 'twoAnswers', name: string): AnswerFixture {
  const all = answers[field]
  const found = typeof all === 'object' ? all[name] : undefined
  if (found === undefined) throw new TypeError(`There is no variant "${name}" in ${field}.`)
  return found
}

const half = ({ answers: { text } }: CompetitorSubject): Script =>
  writing([headOf(text, 'chunked'), pieceOf(openPart(text), 'chunked')])

/** The body up to the event with the second part of the text: visibly not all of it. */
function beforeItsSecondPart(body: Uint8Array): Uint8Array {
  const bytes = Buffer.from(body)
  return bytes.subarray(0, bytes.lastIndexOf('\n\n', bytes.indexOf('" data')) + 2)
}

/** A head and a beginning, then the same block until 100 MiB are sent, then the end. */
const flood =
  (head: Uint8Array): Script =>
  async (exchange) => {
    await exchange.write(head)
    const block = pieceOf(Buffer.alloc(MIB, 'x'), 'chunked')
    while (exchange.bytesSent < FLOOD_BYTES && (await exchange.write(block)));
    await exchange.write(LAST_CHUNK)
  }

const silent = (row: number, name: string): CompetitorCase => ({
  row,
  name,
  script: asFailure(name),
  expected: 'error',
  closes: true,
})
const broken = (row: number, name: string): CompetitorCase => ({
  row,
  name,
  script: asFailure(name),
  expected: 'error',
})

export const COMPETITOR_CASES: readonly CompetitorCase[] = [
  silent(2, 'no answer'),
  silent(3, 'a response head and then silence'),
  silent(4, 'content and then silence'),
  silent(5, 'an endless trickle'),
  broken(6, 'a reset in the middle'),
  broken(6, 'a close in the middle'),
  {
    row: 6,
    name: 'half of an answer, and a clean end',
    script: ({ answers: { text } }) => answering({ ...text, body: beforeItsSecondPart(text.body) }),
    expected: 'error',
  },
  {
    row: 7,
    name: 'the end mark, and an open connection',
    script: ({ answers: { text } }) => writing([headOf(text, 'chunked'), pieceOf(text.body, 'chunked')]),
    expected: 'text',
    closes: true,
  },
  {
    row: 8,
    name: 'a finish reason without [DONE]',
    only: 'chat completions',
    script: ({ answers: { text } }) => answering({ ...text, body: text.body.subarray(0, text.body.length - 14) }),
    expected: 'text',
  },
  broken(9, 'an HTML page with status 200'),
  broken(9, 'an empty body with status 200'),
  {
    row: 10,
    name: 'an error document with status 200',
    script: ({ answers }) =>
      answering({ contentType: 'application/json', body: Buffer.from(JSON.stringify(answers.errorDocument)) }),
    expected: 'error',
    words: WORDS,
  },
  {
    row: 10,
    name: 'an error in place of the first content',
    script: ({ answers: { errorFirst, text } }) => answering(errorFirst ?? text),
    expected: 'error',
    words: WORDS,
  },
  {
    row: 11,
    name: 'an error after content',
    script: ({ answers: { errorMidStream, text } }) => answering(errorMidStream ?? text),
    expected: 'error',
    words: WORDS,
  },
  {
    row: 14,
    name: 'an error body of 100 MiB',
    script: ({ answers: { text } }) => flood(headOf({ ...text, contentType: 'text/plain', status: 500 }, 'chunked')),
    expected: 'error',
    boundBytes: 64 * MIB,
  },
  {
    row: 15,
    name: 'a line of 100 MiB',
    script: ({ answers: { text } }) =>
      flood(Buffer.concat([headOf(text, 'chunked'), pieceOf(Buffer.from('data: {"'), 'chunked')])),
    expected: 'error',
    boundBytes: 64 * MIB,
  },
  {
    row: 16,
    name: 'one byte at a time',
    script: ({ answers: { text } }) =>
      answering(
        text,
        'chunked',
        splitBytes(
          text.body,
          Array.from(text.body, (_, at) => at),
        ),
      ),
    expected: 'text',
  },
  {
    row: 16,
    name: 'CR as the line end, and a BOM',
    script: ({ answers: { text } }) =>
      answering({ ...text, body: Buffer.from(`\u{feff}${Buffer.from(text.body).toString().replaceAll('\n', '\r')}`) }),
    expected: 'text',
  },
  {
    row: 19,
    name: 'a redirect to another origin',
    script: (_subject, elsewhere) =>
      answering({ status: 307, contentType: '', body: Buffer.from(''), headers: { location: elsewhere } }, 'length'),
    expected: 'error',
  },
  { row: 22, name: 'an empty answer', script: ({ answers: { empty } }) => answering(empty), expected: 'any' },
  {
    row: 23,
    name: 'an abort before the head',
    script: asFailure('no answer'),
    expected: 'error',
    manner: 'abort',
    closes: true,
  },
  { row: 23, name: 'an abort in the middle', script: half, expected: 'error', manner: 'abort', closes: true },
  { row: 24, name: 'a break', script: half, expected: 'left', manner: 'break', closes: true },
  {
    row: 28,
    name: 'an empty finish reason in each chunk, and half of an answer',
    only: 'chat completions',
    script: (subject) => {
      const answer = variant(subject, 'emptyReasons', 'an empty reason')
      return answering({ ...answer, body: beforeItsSecondPart(answer.body) })
    },
    expected: 'error',
  },
  {
    row: 29,
    name: 'a finish reason, then silence',
    only: 'chat completions',
    script: ({ answers: { text } }) =>
      writing([headOf(text, 'chunked'), pieceOf(text.body.subarray(0, text.body.length - 14), 'chunked')]),
    expected: 'text',
    closes: true,
  },
  {
    row: 30,
    name: 'an error in words, then the end mark',
    script: ({ answers: { text } }) => answering(errorInWords(text)),
    expected: 'error',
    words: ERROR_WORDS,
  },
  {
    row: 31,
    name: 'a second choice before the first',
    only: 'chat completions',
    script: (subject) => answering(variant(subject, 'twoAnswers', 'a second choice before the first')),
    expected: 'text',
  },
  {
    row: 31,
    name: 'another answer in the middle',
    script: (subject) => answering(variant(subject, 'twoAnswers', 'begun again in the middle')),
    expected: 'error',
  },
  {
    row: 32,
    name: 'an end mark alone',
    script: asFailure('an end mark alone'),
    expected: 'error',
  },
  {
    row: 35,
    name: 'an error status that keeps its body back',
    script: asFailure('an error status that keeps its body back'),
    expected: 'error',
    words: '503',
    closes: true,
  },
]
