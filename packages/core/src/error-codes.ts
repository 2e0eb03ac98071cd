/** What is known of each kind of failure, once: every other table of codes derives from this one. */
interface CodeFacts {
  /** Whether asking the *same* provider again may help. */
  readonly retryable: boolean
  /** Whether a group asks its next member: the others would not fail alike. */
  readonly failover: boolean
  /** Whose fault it is: the request's, the account's, or the provider's. */
  readonly fault: 'request' | 'account' | 'provider'
  /** The status of an HTTP answer that tells a client of ours. */
  readonly httpStatus: number
  /** What to do next. */
  readonly help: string
}

const fact = (
  fault: CodeFacts['fault'],
  httpStatus: number,
  { retryable = false, failover = true }: Partial<Pick<CodeFacts, 'retryable' | 'failover'>>,
  help: string,
): CodeFacts => ({ retryable, failover, fault, httpStatus, help })

const AGAIN = { retryable: true }

export const CODES = /* @__PURE__ */ Object.freeze({
  /** No credential, or one that is refused (401, 403). */
  auth: /* @__PURE__ */ fact('account', 502, {}, 'Check the API key.'),
  /** The account is used up (402, or a 429 that says so). */
  quota: /* @__PURE__ */ fact('account', 502, {}, "Check the account's plan and balance."),
  /** Too many requests (429); `retryAfterMs` says for how long to wait, where the endpoint said it. */
  'rate-limited': /* @__PURE__ */ fact('provider', 429, AGAIN, 'Ask again later, or less often.'),
  /** The endpoint refused the request (400, 422, a redirect). */
  'bad-request': /* @__PURE__ */ fact('request', 400, { failover: false }, 'Change the request.'),
  /** The conversation is too long for the model (413, or words that say so). */
  'context-length': /* @__PURE__ */ fact('request', 413, {}, 'Shorten the conversation.'),
  /** No such model or path (404). */
  'not-found': /* @__PURE__ */ fact('request', 404, {}, "Check the model's name and the base URL."),
  /** Refused for its content. */
  'content-filter': /* @__PURE__ */ fact('request', 422, { failover: false }, 'Change what the conversation says.'),
  /** The endpoint failed (500, 502, 503, 504, 529). */
  overloaded: /* @__PURE__ */ fact('provider', 503, AGAIN, 'Ask again in a moment.'),
  /** A deadline passed (also 408). */
  timeout: /* @__PURE__ */ fact('provider', 504, AGAIN, 'Ask again, or give it more time.'),
  /** No connection, or it broke before an answer. */
  network: /* @__PURE__ */ fact('provider', 502, AGAIN, 'Check the base URL and the network.'),
  /** The answer broke off before its end mark. */
  truncated: /* @__PURE__ */ fact('provider', 502, AGAIN, 'Ask again.'),
  /** What came is not an answer: an HTML page, an empty body, broken framing. */
  malformed: /* @__PURE__ */ fact('provider', 502, AGAIN, 'Check the base URL, or ask again.'),
  /** This provider cannot do what was asked. */
  unsupported: /* @__PURE__ */ fact('request', 400, {}, 'Ask another provider, or for less.'),
  /** Every member of a group has failed; see `attempts`. */
  exhausted: /* @__PURE__ */ fact('provider', 502, {}, 'See the errors of the attempts.'),
})

/** Why an answer could not be had, as a closed list: {@link CODES} has a line for each. */
export type ErrorCode = keyof typeof CODES

/** The code of an HTTP status that is not a success. */
export function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 401:
    case 403:
      return 'auth'
    case 402:
      return 'quota'
    case 404:
      return 'not-found'
    case 408:
      return 'timeout'
    case 413:
      return 'context-length'
    case 429:
      return 'rate-limited'
    default:
      return status >= 500 ? 'overloaded' : 'bad-request'
  }
}
