export interface AnswerOptions {
  /** The id of an answer that has none. */
  id: string
  /** Unix seconds. */
  created: number
  /** The model, as the client knows it. */
  model: string
  /** Ends the stream with its usage, when the client asked for it. */
  includeUsage: boolean
  /** Writes signatures with their authors. */
  seal: boolean
}
