/** A row of the truth table, worded for users. */
export interface Row {
  row: number
  world: string
  caller: string
}

/** Rows that belong together. */
export interface Chapter {
  title: string
  rows: readonly Row[]
}

const row = (number: number, world: string, caller: string): Row => ({ row: number, world, caller })

const CODES = '`auth` `quota` `not-found` `bad-request` `context-length` `timeout` `rate-limited` `overloaded`'

/** The truth table. A law names the rows that it proves in `rows`. */
export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Nothing arrives',
    rows: [
      row(1, 'The host is unknown, the connection is refused, TLS fails', '`network`, with its cause'),
      row(2, 'It accepts, and never answers', '`timeout` at `connectMs` or `firstTokenMs`, measured from dispatch'),
      row(3, 'It sends headers, then nothing', '`timeout` at `firstTokenMs`; comments and pings do not extend it'),
      row(4, 'It sends content, then nothing', '`timeout` at `idleMs`, with `partial`'),
      row(5, 'It trickles without end', '`timeout` at `totalMs`, with `partial`'),
    ],
  },
  {
    title: 'How it ends',
    rows: [
      row(
        6,
        'The connection breaks before the end of the answer',
        '`truncated`, with `partial`; never a short success',
      ),
      row(7, 'The answer ends, the connection stays open', 'the end, at once; the connection is closed or reused'),
      row(8, 'A finish reason, no `[DONE]`, a clean end', 'a normal end'),
      row(22, 'An answer without content', 'an empty answer; in a group, the next member'),
      row(
        28,
        'A finish reason that is empty or null, in every chunk',
        'no reason: the whole answer, or `truncated` when it breaks off',
      ),
      row(
        29,
        'A finish reason, then silence: no end mark, the connection stays open',
        'the end, after a second (Gemini: just before `idleMs`); when the connection breaks, `truncated`',
      ),
      row(
        32,
        'An end before the end: the end mark alone, a reason before the text',
        '`malformed` without an answer; otherwise all of the text',
      ),
    ],
  },
  {
    title: 'It is not an answer',
    rows: [
      row(9, 'A page, a login form or nothing, with status 200', '`malformed`, with its first 200 characters'),
      row(10, 'An error with status 200, in place of an answer', 'that error'),
      row(11, 'An error in the middle of an answer', 'that error, with `partial`'),
      row(30, 'An error event in words instead of JSON, then an end mark', 'that error, with its words and `partial`'),
      row(12, 'An error status', CODES),
      row(13, '`Retry-After`, in every form', '`retryAfterMs`; in a group, the next member without a wait'),
      row(14, 'An endless error body', 'the error; 64 KiB of its body are read'),
      row(
        35,
        'An error status that keeps its body back',
        'the error by its status, with `retryAfterMs`, within a second; in a group, the next member',
      ),
      row(19, 'A redirect', '`bad-request` that names the target; your key is not sent there'),
    ],
  },
  {
    title: 'The bytes',
    rows: [
      row(15, 'An endless line, an endless document', '`malformed` at 16 MiB'),
      row(16, 'Bytes cut anywhere, any line ending, a BOM', 'the same events'),
      row(
        17,
        'Comments, pings, unknown events, lines that are not JSON',
        'ignored; lost lines are counted (`skipped`)',
      ),
      row(18, 'Compression: gzip, br, zstd, deflate', 'decoded as it arrives; when cut, `truncated`'),
    ],
  },
  {
    title: 'The content',
    rows: [
      row(
        20,
        'Usage at the end, in every chunk, never',
        'once; an estimate if you ask for one; otherwise none, never `NaN`',
      ),
      row(
        21,
        'Tool calls that are interleaved, unnamed, empty or cut',
        'joined by id; missing arguments are `{}`; cut ones are `truncated`',
      ),
      row(33, 'Tool calls without ids, without an index, named late', 'each call whole, with an id of its own'),
      row(31, 'Two answers in one', 'the first, or `malformed`; never a mix'),
      row(
        34,
        'A whole that differs from its pieces, or says more',
        '`malformed` when it differs; what only the whole says arrives',
      ),
      row(36, 'Vectors that do not match the inputs of `embed()`', '`malformed`'),
    ],
  },
  {
    title: 'What you do',
    rows: [
      row(23, 'You abort', 'your own reason, within a tick; `partialOf(reason)`; closed'),
      row(24, 'You break, return or throw in your loop', 'closed'),
      row(25, 'You read slowly', 'the endpoint is slowed down; memory stays flat'),
    ],
  },
  {
    title: 'What you bring',
    rows: [
      row(
        37,
        'A provider of your own ends without a finish, ends twice, or goes on after its end',
        '`truncated` or `malformed`, through every layer and group; in a group, the next member before content',
      ),
    ],
  },
  {
    title: 'One after another',
    rows: [
      row(26, 'A kept-alive connection dies as it is reused', 'one new request on a new connection, or `network`'),
      row(
        27,
        'Thousands of answers, in turn and at once',
        'no listener, timer or socket is left behind; no answers are mixed up',
      ),
    ],
  },
]

/** All rows, by number. */
export const ROWS: readonly Row[] = CHAPTERS.flatMap(({ rows }) => rows).sort((a, b) => a.row - b.row)

/** The row with this number. @throws TypeError when there is none. */
export function rowOf(number: number): Row {
  const found = ROWS.find((one) => one.row === number)
  if (found === undefined) throw new TypeError(`There is no row ${number}: the rows are 1 to ${ROWS.length}.`)
  return found
}
