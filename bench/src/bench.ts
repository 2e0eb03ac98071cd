/** The input of every suite. */
export interface Bench {
  /** Fewer rounds. */
  quick: boolean
  /** Whether the competitors take part. */
  competitors: boolean
  /** Node flags of the contenders' processes. */
  execArgv: readonly string[]
  /** Profiles ours where a target is missed, so that the page can explain it. */
  explain: boolean
  /** The base URL of a streamed answer. */
  urlOf: (answer: string, mode: 'backlogged' | 'paced' | 'idling', chunks: number) => string
  /** Shows the progress. */
  progress: (text: string) => void
}
