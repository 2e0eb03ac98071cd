import type { Incoming, Rules } from '../../incoming.ts'
import { Refusal } from '../../refusal.ts'
import type { WireError } from '../../refusal.ts'

/** What the server has pulled, and what each can do. */
export interface OllamaModel {
  readonly id: string
  readonly family: string
  readonly size: string
  readonly tools?: boolean
  readonly thinks?: boolean
  readonly sees?: boolean
  /** The usual length of its vectors; absent where it chats. */
  readonly dimensions?: number
}

export const models: readonly OllamaModel[] = [
  { id: 'gpt-oss:20b', family: 'gptoss', size: '20.9B', tools: true, thinks: true },
  { id: 'qwen3:8b', family: 'qwen3', size: '8.2B', tools: true, thinks: true },
  { id: 'llama3.2:3b', family: 'llama', size: '3.2B', tools: true },
  { id: 'gemma3:4b', family: 'gemma3', size: '4.3B', sees: true },
  { id: 'nomic-embed-text:latest', family: 'nomic-bert', size: '137M', dimensions: 768 },
]

/** A name without a tag is that of `latest`. */
export function knownOllamaModel(name: string): OllamaModel {
  const found = models.find(({ id }) => id === name || id === `${name}:latest`)
  if (found !== undefined) return found
  throw new Refusal(404, 'model_not_found', `model '${name}' not found`, { isQuoted: true, param: 'model' })
}

/** Nothing is asked for, unless the simulator was told of a credential: then a proxy stands before the server. */
export function checkProxy({ headers }: Incoming, { credential }: Rules): void {
  if (credential === undefined || headers.authorization === `Bearer ${credential}`) return
  throw new Refusal(401, 'invalid_credential', 'unauthorized', { isQuoted: true, param: 'authorization' })
}

export const ollamaErrorBody = ({ message }: WireError): unknown => ({ error: message })
