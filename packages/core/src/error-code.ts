/**
 * Why an answer could not be had, as a closed list.
 *
 * | code | what happened | asking the same member again may help |
 * |---|---|---|
 * | `auth` | no credential, or one that is refused (401, 403) | no |
 * | `quota` | the account is used up (402, or a 429 that says so) | no |
 * | `rate-limited` | too many requests (429) | yes, after `retryAfterMs` |
 * | `bad-request` | the endpoint refused the request (400, 422, a redirect) | no |
 * | `context-length` | the conversation is too long for the model (413, or words that say so) | no |
 * | `not-found` | no such model or path (404) | no |
 * | `content-filter` | refused for its content | no |
 * | `overloaded` | the endpoint failed (500, 502, 503, 504, 529) | yes |
 * | `timeout` | a deadline passed (also 408) | yes |
 * | `network` | no connection, or it broke before an answer | yes |
 * | `truncated` | the answer broke off before its end mark | yes |
 * | `malformed` | what came is not an answer: an HTML page, an empty body, broken framing | yes |
 * | `unsupported` | this provider cannot do what was asked | no |
 * | `exhausted` | a group has tried all its members; see `attempts` | no |
 */
export type ErrorCode =
  | 'auth'
  | 'quota'
  | 'rate-limited'
  | 'bad-request'
  | 'context-length'
  | 'not-found'
  | 'content-filter'
  | 'overloaded'
  | 'timeout'
  | 'network'
  | 'truncated'
  | 'malformed'
  | 'unsupported'
  | 'exhausted'

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
