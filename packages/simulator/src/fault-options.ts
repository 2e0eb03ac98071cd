import { isRecord } from './check.ts'
import type { CallForm, UsageForm } from './incoming.ts'
import type { WireError } from './refusal.ts'

/** What a fault can be told. Which of these a kind reads, and its defaults, are in its table entry; `--faults` prints them. */
export interface FaultOptions {
  /** How many requests meet it. @default every request, until it is cleared */
  readonly times?: number
  /** How many content tokens arrive before it. @default 3, 0 for `pings-forever` */
  readonly afterEvents?: number
  /** Milliseconds between two tokens of `trickle`, between two pings. @default 50 */
  readonly everyMs?: number
  /** Milliseconds before the answer of `slow-accept`. @default 1000 */
  readonly delayMs?: number
  /** Tokens that `trickle` sends before it ends as it should. @default without end */
  readonly total?: number
  /** The HTTP status. */
  readonly status?: number
  /** Headers added to the answer, in place of those of the same name. */
  readonly headers?: Readonly<Record<string, string>>
  /** The body: text as it is, anything else as JSON. */
  readonly body?: unknown
  /** The words, type and code of an error. @default a server that is overloaded */
  readonly error?: Partial<WireError>
  /** How `model-missing` is spelt. @default 'sse' */
  readonly as?: 'sse' | 'json' | 'text'
  /** What `html-200` says that it is. @default 'text/html; charset=utf-8' */
  readonly contentType?: string
  /** Bytes of the flood, or bytes that a length is off. @default told by each kind */
  readonly bytes?: number
  /** `garbage-data` comes before everything else. @default false */
  readonly first?: boolean
  /** The form of `retry-after`, `usage` or `tool-calls`. Each kind lists its own. */
  readonly form?: RetryAfterForm | UsageForm | CallForm
  /** The number in a `retry-after` header: seconds, or milliseconds for `ms-header`. @default told by each form */
  readonly value?: number
  /** Where `redirect-elsewhere` points. @default 'http://127.0.0.1:1/', where nobody listens */
  readonly location?: string
  /** The content coding. @default 'gzip' */
  readonly coding?: 'gzip' | 'br' | 'zstd' | 'deflate'
  /** The line ends of a framed answer. @default 'crlf' */
  readonly ends?: 'lf' | 'crlf' | 'cr' | 'mixed'
  /** How often `random` strikes: 0 never, 1 always. @default 1 */
  readonly probability?: number
  /** Which kinds `random` chooses from. @default every kind that breaks the answer at hand */
  readonly kinds?: readonly string[]
  /** The seed of `random`. @default the simulator's own */
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

/** Whether a value from outside can be used. Closed sets are in the table entries. */
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
