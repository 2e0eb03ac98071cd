/** The facts of one kind of failure. Every other table of codes derives from {@link CODES}. */
interface CodeFacts {
  /** Whether asking the *same* provider again may help. */
  readonly retryable: boolean
  /** Whether a group asks its next member, which may not fail in the same way. */
  readonly failover: boolean
  /** Whose fault it is: the request's, the account's, or the provider's. */
  readonly fault: 'request' | 'account' | 'provider'
  /** The HTTP status of a server that reports this failure to its own client. */
  readonly httpStatus: number
  /** What to do next, as a sentence. */
  readonly help: string
}

const fact = (
  fault: CodeFacts['fault'],
  httpStatus: number,
  help: string,
  { failover = true }: Partial<Pick<CodeFacts, 'failover'>> = {},
): Omit<CodeFacts, 'retryable'> => ({ failover, fault, httpStatus, help })

const FACTS = {
  /** The credential is missing or refused (401, 403). */
  auth: /* @__PURE__ */ fact('account', 502, 'Check the API key.'),
  /** The account has no quota or credit left (402, or a 429 that says so). */
  quota: /* @__PURE__ */ fact('account', 502, "Check the account's plan and balance."),
  /** Too many requests (429); `retryAfterMs` says how long to wait, if the endpoint does. */
  'rate-limited': /* @__PURE__ */ fact('provider', 429, 'Retry later, or send fewer requests.'),
  /** The endpoint refused the request (400, 422, a redirect). */
  'bad-request': /* @__PURE__ */ fact('request', 400, 'Change the request.', { failover: false }),
  /** The conversation is too long for the model (413, or a message that says so). */
  'context-length': /* @__PURE__ */ fact('request', 413, 'Shorten the conversation.'),
  /** No such model or path (404). */
  'not-found': /* @__PURE__ */ fact('request', 404, "Check the model's name and the base URL."),
  /** Refused for its content. */
  'content-filter': /* @__PURE__ */ fact('request', 422, "Change the conversation's content.", { failover: false }),
  /** The endpoint failed (500, 502, 503, 504, 529). */
  overloaded: /* @__PURE__ */ fact('provider', 503, 'Retry in a moment.'),
  /** A deadline passed (also 408). */
  timeout: /* @__PURE__ */ fact('provider', 504, 'Retry, or allow more time.'),
  /** No connection, or it broke before an answer. */
  network: /* @__PURE__ */ fact('provider', 502, 'Check the base URL and the network.'),
  /** The answer broke off before its end mark. */
  truncated: /* @__PURE__ */ fact('provider', 502, 'Retry.'),
  /** The response is not an answer: an HTML page, an empty body, broken framing. */
  malformed: /* @__PURE__ */ fact('provider', 502, 'Check the base URL, or retry.'),
  /** This provider cannot do what was asked. */
  unsupported: /* @__PURE__ */ fact('request', 400, 'Use a provider that supports it.'),
  /** Every member of a group has failed; see `attempts`. */
  exhausted: /* @__PURE__ */ fact('provider', 502, 'See the error of each attempt.'),
}

/** Why a call failed, as a closed list: {@link CODES} has the facts of each. */
export type ErrorCode = keyof typeof FACTS

/** A list of its own: it is all that a page asks of a code, and then nothing else of the facts is loaded. */
const RETRYABLE: readonly ErrorCode[] = ['rate-limited', 'overloaded', 'timeout', 'network', 'truncated', 'malformed']

/** Whether asking the *same* provider again may help. */
export const isRetryable = (code: ErrorCode): boolean => RETRYABLE.includes(code)

export const CODES = /* @__PURE__ */ withRetryable(FACTS)

function withRetryable(facts: typeof FACTS): Readonly<Record<ErrorCode, CodeFacts>> {
  // The codes of a mapped type and those of its entries are the same, which the type of Object.entries does not say.
  const entries = Object.entries(facts) as [ErrorCode, (typeof FACTS)[ErrorCode]][]
  const whole = entries.map(([code, known]) => [code, { ...known, retryable: isRetryable(code) }] as const)
  return Object.freeze(Object.fromEntries(whole) as Record<ErrorCode, CodeFacts>)
}

const BY_STATUS: Readonly<Partial<Record<number, ErrorCode>>> = {
  401: 'auth',
  402: 'quota',
  403: 'auth',
  404: 'not-found',
  408: 'timeout',
  413: 'context-length',
  429: 'rate-limited',
}

/** The code of an HTTP status that is not a success. */
export const codeOfStatus = (status: number): ErrorCode =>
  BY_STATUS[status] ?? (status >= 500 ? 'overloaded' : 'bad-request')
