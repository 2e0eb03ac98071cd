/** What every suite is given. */
export interface Bench {
  /** Fewer rounds. */
  quick: boolean
  /** Whether the competitors take part. */
  competitors: boolean
  /** For the contenders' processes. */
  execArgv: readonly string[]
  /** Samples ours where a target is missed, so that the page can say why. */
  explain: boolean
  /** The base URL of a streamed answer. */
  urlOf: (answer: string, mode: 'backlogged' | 'paced', chunks: number) => string
  /** What goes on, for whoever waits. */
  progress: (text: string) => void
}
