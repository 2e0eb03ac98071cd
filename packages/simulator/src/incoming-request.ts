/** A request as received, with its path relative to the dialect's root. */
export interface IncomingRequest {
  readonly method: string
  /** `/v1/chat/completions`, without the dialect's prefix. */
  readonly path: string
  readonly query: URLSearchParams
  /** The values of the named segments in the route's path. */
  readonly params: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly bodyText: string
}

/** What the simulator's options and runtime settings say about one dialect. */
export interface Rules extends ReplyFormat {
  /** The only credential accepted. Without it, any that is not empty. */
  readonly credential?: string
  /** Accept unknown body fields and query parameters. */
  readonly lenient: boolean
  /** The forced answer format, one of the dialect's `variants`. */
  readonly variant?: string
}

/** Details of the answer format that differ between endpoints. */
export interface ReplyFormat {
  /** Report token counts where the dialect has a place for them. */
  readonly usage: boolean
  /** Overrides `usage`. */
  readonly usageForm?: UsageForm
  /** @default 'id-first-only' */
  readonly callForm?: CallForm
}

/** Where token counts appear: in a separate chunk after the finish reason, in every chunk, nowhere, or as non-numbers. */
export type UsageForm = 'last-chunk' | 'every-chunk' | 'absent' | 'nonsense'

/** How tool calls are split into deltas. `interleaved`, `same-index` and `no-index` contain two calls. */
export type CallForm = 'interleaved' | 'id-first-only' | 'same-index' | 'empty-arguments' | 'cut-arguments' | 'no-index'
