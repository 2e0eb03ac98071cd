/** A row of the truth table, in words for users. */
export interface Row {
  row: number
  world: string
  caller: string
}

/** Rows that belong together, for those who read all of them. */
export interface Chapter {
  title: string
  rows: readonly Row[]
}

const row = (number: number, world: string, caller: string): Row => ({ row: number, world, caller })

const CODES = '`auth` `quota` `not-found` `bad-request` `context-length` `timeout` `rate-limited` `overloaded`'

/** The truth table. What proves a row names it: `rows` of a law. */
export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'Nothing comes',
    rows: [
      row(1, 'The host is unknown, the connection is refused, TLS fails', '`network`, with its cause'),
      row(2, 'It accepts, and never answers', '`timeout` at `connectMs` or `firstTokenMs`, measured from dispatch'),
      row(3, 'It sends headers, then nothing', '`timeout` at `firstTokenMs`; comments and pings hold nothing off'),
      row(4, 'It sends content, then nothing', '`timeout` at `idleMs`, with `partial`'),
      row(5, 'It trickles for ever', '`timeout` at `totalMs`, with `partial`'),
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
      row(7, 'The answer ends, the connection stays open', 'the end, at once; the connection is closed or used again'),
      row(8, 'A finish reason, no `[DONE]`, a clean end', 'a normal end'),
      row(22, 'An answer without content', 'an empty answer; in a group, the next member'),
    ],
  },
  {
    title: 'It is no answer',
    rows: [
      row(9, 'A page, a login form or nothing, with status 200', '`malformed`, with its first 200 characters'),
      row(10, 'An error with status 200, in place of an answer', 'the error that it means'),
      row(11, 'An error in the middle of an answer', 'the error that it means, with `partial`'),
      row(12, 'A status that is an error', CODES),
      row(13, '`Retry-After`, in every form', '`retryAfterMs`; in a group, the next member and no sleep'),
      row(14, 'An error body without end', 'the error; 64 KiB of its body are read'),
      row(19, 'A redirect', '`bad-request` that says where to; your key goes nowhere'),
    ],
  },
  {
    title: 'The bytes',
    rows: [
      row(15, 'A line without end, a document without end', '`malformed` at 16 MiB'),
      row(16, 'Bytes cut anywhere, any line ends, a BOM', 'the same events'),
      row(
        17,
        'Comments, pings, unknown events, lines that are not JSON',
        'passed over; lost lines are counted (`skipped`)',
      ),
      row(18, 'Compression: gzip, br, zstd, deflate', 'decoded as it comes; cut, it is `truncated`'),
    ],
  },
  {
    title: 'What stands in it',
    rows: [
      row(
        20,
        'Usage at the end, in every chunk, never',
        'once; or an estimate when you ask for one; or none, never `NaN`',
      ),
      row(
        21,
        'Tool calls interleaved, nameless, empty, cut',
        'joined by id; no arguments are `{}`; cut ones are `truncated`',
      ),
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
    title: 'One after another',
    rows: [
      row(26, 'A kept-alive connection dies as it is used again', 'one new request on a new connection, or `network`'),
      row(27, 'Thousands of answers, in turn and at once', 'no listener, timer or socket is left; none is mixed up'),
    ],
  },
]

/** By their numbers. */
export const ROWS: readonly Row[] = CHAPTERS.flatMap(({ rows }) => rows).sort((a, b) => a.row - b.row)

/** The row of a number. @throws TypeError for what is none. */
export function rowOf(number: number): Row {
  const found = ROWS.find((one) => one.row === number)
  if (found === undefined) throw new TypeError(`There is no row ${number}: they are 1 to ${ROWS.length}.`)
  return found
}
