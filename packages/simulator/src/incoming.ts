/** A request as it came, with the path seen from the dialect's own root. */
export interface Incoming {
  readonly method: string
  /** `/v1/chat/completions`, without the dialect's prefix. */
  readonly path: string
  readonly query: URLSearchParams
  /** What stood in the place of the names in the route's path. */
  readonly params: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly bodyText: string
}

/** What the simulator's options and switches say about one dialect. */
export interface Rules extends Spelling {
  /** The one credential that is accepted. Without it, any that is not empty. */
  readonly credential?: string
  /** Unknown body fields and query parameters are let through. */
  readonly lenient: boolean
  /** The form of answer that is forced, one of the dialect's `variants`. */
  readonly variant?: string
}

/** How an answer is spelt where endpoints differ. */
export interface Spelling {
  /** Report token counts where the dialect has a place for them. */
  readonly usage: boolean
  /** In place of `usage`. */
  readonly usageForm?: UsageForm
  /** @default 'id-first-only' */
  readonly callForm?: CallForm
}

/** Where token counts stand: in a chunk of their own behind the finish reason, in each chunk, nowhere, or as no numbers. */
export type UsageForm = 'last-chunk' | 'every-chunk' | 'absent' | 'nonsense'

/** How the deltas of tool calls come. `interleaved`, `same-index` and `no-index` hold two calls. */
export type CallForm = 'interleaved' | 'id-first-only' | 'same-index' | 'empty-arguments' | 'cut-arguments' | 'no-index'
