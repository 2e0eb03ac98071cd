/** An error before a dialect encodes it in its own format. */
export interface WireError {
  readonly message: string
  readonly type: string
  readonly code: string
  readonly param?: string
  /** The HTTP status that belongs to the error, even if it is sent with another one. */
  readonly status?: number
  /** Seconds to wait before a retry, for dialects that put it into the body. */
  readonly retryAfterSeconds?: number
}

/** A request that the dialect rejects. Thrown by the checks, answered by the server. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly status: number
  readonly code: string
  readonly param: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly isVerbatim: boolean

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      readonly param?: string
      readonly headers?: Readonly<Record<string, string>>
      /** The message is the vendor's, verbatim, and gets no prefix. @default false */
      readonly isVerbatim?: boolean
    } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.param = options.param
    this.headers = options.headers ?? {}
    this.isVerbatim = options.isVerbatim ?? false
  }

  /** The error to send. The message starts with `endpoint`, so that a reader knows which one rejected the request. */
  toError(endpoint: string): WireError {
    return {
      message: this.isVerbatim ? this.message : `${endpoint}: ${this.message}`,
      type: this.status === 401 ? 'authentication_error' : 'invalid_request_error',
      code: this.code,
      status: this.status,
      ...(this.param === undefined ? {} : { param: this.param }),
    }
  }
}
