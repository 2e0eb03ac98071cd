import type { ErrorAnswer } from '@rivulet/core/provider'

/**
 * One request and its answer, as any kind of server gives them: the only thing that the gateway sees of one. The answer begins
 * once and ends once; after the client has left, whatever is written goes nowhere.
 */
export interface Exchange {
  /** `'POST'` */
  readonly method: string
  /** Percent-encoded, without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Aborts when the client leaves before its answer has ended. */
  readonly left: AbortSignal
  /**
   * The whole body, which can be read once; `undefined` for one of more bytes than this, as soon as it is. Rejects when the client
   * leaves.
   */
  body(maxBytes: number): Promise<Uint8Array | undefined>
  begin(status: number, headers: Readonly<Record<string, string>>): void
  /** Resolves when the client can take more; `undefined`: at once. */
  write(text: string): Promise<void> | undefined
  /** The rest of the answer and its end, in one write. Resolves when the client has taken all, or has left. */
  end(text: string): Promise<void>
  /** Breaks the connection: the client must not take what it has for a whole answer. */
  drop(): void
}

/** Sends an answer that is known as a whole. */
export function sendWhole(exchange: Exchange, { status, headers, body }: ErrorAnswer): void {
  const length = String(new TextEncoder().encode(body).length)
  exchange.begin(status, { ...headers, 'content-length': length })
  void exchange.end(exchange.method === 'HEAD' ? '' : body)
}
