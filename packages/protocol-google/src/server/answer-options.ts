export interface AnswerOptions {
  /** The id of an answer that has none. */
  id: string
  /** The model, as the client knows it. */
  model: string
  /** Writes thoughts. */
  includeThoughts: boolean
  /** Writes signatures with their authors. */
  seal: boolean
}
