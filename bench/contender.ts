/** One way of reading a streamed answer. */
export interface Contender {
  name: string
  /** Reads the whole answer at `url`; gives the number of its characters, so that each run can be checked. */
  run: (url: string) => Promise<number>
}
