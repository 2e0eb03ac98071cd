/** A request as it arrived at a byte server. */
export interface ReceivedRequest {
  readonly method: string
  /** As in the request line: `/play-1/v1/chat/completions?auth=x`. */
  readonly target: string
  /** The target without the play's own prefix: `/v1/chat/completions?auth=x`. */
  readonly path: string
  /** Names in lower case; of a repeated header, the last. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The whole request, from the request line to the last byte of the body. */
  readonly bytes: Uint8Array
}
