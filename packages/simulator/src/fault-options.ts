import { isRecord } from './check.ts'
import type { CallForm, UsageForm } from './incoming-request.ts'
import type { WireError } from './request-error.ts'

/** Options of faults. Each kind uses some of them, with its own defaults; `--faults` lists both. */
export interface FaultOptions {
  /** The number of requests that it affects. @default every request, until it is cleared */
  readonly times?: number
  /** The number of content tokens sent before it. @default 3, 0 for `pings-forever` */
  readonly afterEvents?: number
  /** Milliseconds between two tokens of `trickle` or two pings. @default 50 */
  readonly everyMs?: number
  /** Milliseconds before the answer of `slow-accept`. @default 1000 */
  readonly delayMs?: number
  /** The number of tokens that `trickle` sends before it ends normally. @default no end */
  readonly total?: number
  /** The HTTP status. */
  readonly status?: number
  /** Headers added to the answer, in place of those of the same name. */
  readonly headers?: Readonly<Record<string, string>>
  /** The body: a string verbatim, anything else as JSON. */
  readonly body?: unknown
  /** Message, type and code of an error. @default an overloaded server */
  readonly error?: Partial<WireError>
  /** The format of `model-missing`. @default 'sse' */
  readonly as?: 'sse' | 'json' | 'text'
  /** The content type that `html-200` declares. @default 'text/html; charset=utf-8' */
  readonly contentType?: string
  /** The size of a flood, or the error of a declared length, in bytes. @default depends on the kind */
  readonly bytes?: number
  /** Sends `garbage-data` before everything else. @default false */
  readonly first?: boolean
  /** The form of `retry-after`, `usage` or `tool-calls`; each kind has its own. */
  readonly form?: RetryAfterForm | UsageForm | CallForm
  /** The number in a `retry-after` header: seconds, or milliseconds for `ms-header`. @default depends on the form */
  readonly value?: number
  /** The target of `redirect-elsewhere`. @default 'http://127.0.0.1:1/', a port without a listener */
  readonly location?: string
  /** The content coding. @default 'gzip' */
  readonly coding?: 'gzip' | 'br' | 'zstd' | 'deflate'
  /** The line endings of a framed answer. @default 'crlf' */
  readonly ends?: 'lf' | 'crlf' | 'cr' | 'mixed'
  /** The probability that `random` applies a fault, 0 to 1. @default 1 */
  readonly probability?: number
  /** The kinds that `random` chooses from. @default every kind that breaks the current answer */
  readonly kinds?: readonly string[]
  /** The seed of `random`. @default the simulator's seed */
  readonly seed?: number
}

export type RetryAfterForm = 'seconds' | 'ms-header' | 'date' | 'past-date' | 'absurd' | 'unreadable' | 'none'

export type OptionName = keyof FaultOptions

type Check = (value: unknown) => boolean

const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
const number =
  (least: number, most = Number.MAX_VALUE): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most
const text: Check = (value) => typeof value === 'string' && value !== ''
const texts: Check = (value) => isRecord(value) && Object.values(value).every((item) => typeof item === 'string')

/** Validators for option values. Closed sets of values are in the table entries. */
export const checks: Readonly<Partial<Record<OptionName, Check>>> = {
  times: whole(1),
  afterEvents: whole(0),
  everyMs: whole(0),
  delayMs: whole(0),
  total: whole(1),
  status: whole(200, 599),
  headers: texts,
  error: texts,
  contentType: text,
  bytes: whole(1),
  first: (value) => typeof value === 'boolean',
  value: number(0),
  location: text,
  probability: number(0, 1),
  kinds: (value) => Array.isArray(value) && value.length > 0 && value.every(text),
  seed: number(-Number.MAX_VALUE),
}
