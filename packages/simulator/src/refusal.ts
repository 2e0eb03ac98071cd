/** An error as a chat endpoint words it, before a dialect gives it its own form. */
export interface WireError {
  readonly message: string
  readonly type: string
  readonly code: string
  readonly param?: string
  /** The HTTP status that belongs to it, also where it comes with another one. */
  readonly status?: number
  /** Seconds after which to ask again, for dialects that say it in the body. */
  readonly retryAfterSeconds?: number
}

/** A request that the dialect does not accept. Thrown by the checks, answered by the server. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string
  readonly param: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly isQuoted: boolean

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      readonly param?: string
      readonly headers?: Readonly<Record<string, string>>
      /** The message is the vendor's own, to the letter. @default false */
      readonly isQuoted?: boolean
    } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.param = options.param
    this.headers = options.headers ?? {}
    this.isQuoted = options.isQuoted ?? false
  }

  /** What goes on the wire; `who` comes first, so that the reader knows which endpoint refused. */
  toError(who: string): WireError {
    return {
      message: this.isQuoted ? this.message : `${who}: ${this.message}`,
      type: this.status === 401 ? 'authentication_error' : 'invalid_request_error',
      code: this.code,
      status: this.status,
      ...(this.param === undefined ? {} : { param: this.param }),
    }
  }
}
