import { isRecord, type PieceOfText } from '@rivulet/core/provider'

/** The choice that is the answer: a request with `n` has others beside it, in any order. */
export function choiceOf({ choices }: Record<string, unknown>): Record<string, unknown> | undefined {
  if (!Array.isArray(choices)) return undefined
  return choices.find(isFirst)
}

const isFirst = (choice: unknown): choice is Record<string, unknown> =>
  isRecord(choice) && (choice.index === undefined || choice.index === null || choice.index === 0)

/** The text of a chunk that carries nothing else, so that the next chunk of its envelope carries nothing else either. */
export function pieceOf(chunk: unknown): PieceOfText | undefined {
  if (!isRecord(chunk)) return undefined
  const delta = choiceOf(chunk)?.delta
  if (!isRecord(delta) || typeof delta.content !== 'string') return undefined
  const isOnlyContent = Object.keys(delta).every(
    (name) => name === 'content' || name === 'role' || isEmpty(delta[name]),
  )
  if (!isOnlyContent) return undefined
  // OpenAI pads its chunks with random letters, so that their length does not reveal that of the text.
  const { obfuscation } = chunk
  return { text: delta.content, noise: typeof obfuscation === 'string' ? [obfuscation] : undefined }
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)
