/** A row of the truth table, in words for users. */
export interface Row {
  row: number
  world: string
  caller: string
}

const row = (number: number, world: string, caller: string): Row => ({ row: number, world, caller })

/** The truth table. What proves a row names it: `rows` of a law. */
export const ROWS: readonly Row[] = [
  row(1, 'The host is unknown, the connection is refused, TLS fails', '`network`, with its cause; may be tried again'),
  row(2, 'The endpoint accepts and never answers', '`timeout`, measured from dispatch (`connectMs`, `firstTokenMs`)'),
  row(3, 'It sends headers, then nothing', '`timeout` at `firstTokenMs`; comments and pings hold nothing off'),
  row(4, 'It sends content, then nothing', '`timeout` at `idleMs`, with what had come as `partial`'),
  row(5, 'It trickles for ever', '`timeout` at `totalMs`, with `partial`'),
  row(6, 'The connection breaks before the end of the answer', '`truncated`, with `partial`; never a short success'),
  row(7, 'The answer ends, the connection stays open', 'the end, at once; the connection is closed'),
  row(8, 'A finish reason, no `[DONE]`, a clean end', 'a normal end'),
  row(
    9,
    'A page, a login form or nothing, with status 200',
    '`malformed`, with its first 200 characters and without your key',
  ),
  row(10, 'An error, with status 200, in place of an answer', 'the error that it means'),
  row(11, 'An error in the middle of an answer', 'the error that it means, with `partial`'),
  row(
    12,
    'A status that is an error',
    '`auth` `quota` `not-found` `bad-request` `context-length` `timeout` `rate-limited` `overloaded`',
  ),
  row(13, '`Retry-After`, in every form', '`retryAfterMs`; in a group, the next member and no sleep'),
  row(14, 'An error body without end', 'the error; 64 KiB of it are read'),
  row(15, 'A line without end', '`malformed` at 16 MiB'),
  row(16, 'Bytes cut anywhere, any line ends, a BOM', 'the same events'),
  row(
    17,
    'Comments, pings, unknown events, lines that are not JSON',
    'what the SSE standard says; lost lines are counted (`skipped`)',
  ),
  row(18, 'Compression: gzip, br, zstd, deflate', 'decoded as it comes; cut, it is `truncated`'),
  row(19, 'A redirect', '`bad-request` that says where to; your key goes nowhere else'),
  row(20, 'Usage at the end, in every chunk, never', 'once; or estimated when you ask for it; or absent, never `NaN`'),
  row(
    21,
    'Tool calls interleaved, nameless, empty, cut',
    'joined by id; no arguments are `{}`; cut ones are `truncated`',
  ),
  row(22, 'An answer without content', 'an empty answer; in a group, `malformed` and the next member'),
  row(23, 'You abort', 'your own reason, within a tick; what had come by `partialOf(reason)`; closed'),
  row(24, 'You break, return or throw in your loop', 'closed'),
  row(25, 'You read slowly', 'the endpoint is slowed down; memory stays flat'),
  row(26, 'A kept-alive connection dies as it is used again', 'one new request on a new connection, or `network`'),
  row(27, 'Thousands of answers, in turn and at once', 'no listener, timer or socket is left; no answer is mixed up'),
]

/** The row of a number. @throws TypeError for what is none. */
export function rowOf(number: number): Row {
  const found = ROWS.find((one) => one.row === number)
  if (found === undefined) throw new TypeError(`There is no row ${number}: they are 1 to ${ROWS.length}.`)
  return found
}
