import type { IncomingRequest, Rules } from '../../incoming-request.ts'
import { RequestError } from '../../request-error.ts'
import type { WireError } from '../../request-error.ts'

/** A model that the server has pulled, with its capabilities. */
export interface OllamaModel {
  readonly id: string
  readonly family: string
  readonly size: string
  readonly tools?: boolean
  readonly thinking?: boolean
  readonly vision?: boolean
  /** The default length of its embeddings; absent for chat models. */
  readonly dimensions?: number
}

export const models: readonly OllamaModel[] = [
  { id: 'gpt-oss:20b', family: 'gptoss', size: '20.9B', tools: true, thinking: true },
  { id: 'gpt-oss:120b', family: 'gptoss', size: '116.8B', tools: true, thinking: true },
  { id: 'qwen3:8b', family: 'qwen3', size: '8.2B', tools: true, thinking: true },
  { id: 'qwen3-vl:8b', family: 'qwen3vl', size: '8.8B', tools: true, thinking: true, vision: true },
  { id: 'deepseek-r1:8b', family: 'qwen3', size: '8.2B', tools: true, thinking: true },
  { id: 'llama3.2:3b', family: 'llama', size: '3.2B', tools: true },
  { id: 'llama3.1:8b', family: 'llama', size: '8.0B', tools: true },
  { id: 'gemma3:4b', family: 'gemma3', size: '4.3B', vision: true },
  { id: 'nomic-embed-text:latest', family: 'nomic-bert', size: '137M', dimensions: 768 },
]

/** A name without a tag means `latest`. */
export function knownOllamaModel(name: string): OllamaModel {
  const found = models.find(({ id }) => id === name || id === `${name}:latest`)
  if (found !== undefined) return found
  throw new RequestError(404, 'model_not_found', `model '${name}' not found`, { isVerbatim: true, param: 'model' })
}

/** Ollama needs no credential; if one is configured, it is checked as a proxy in front of the server would. */
export function checkProxy({ headers }: IncomingRequest, { credential }: Rules): void {
  if (credential === undefined || headers.authorization === `Bearer ${credential}`) return
  throw new RequestError(401, 'invalid_credential', 'unauthorized', { isVerbatim: true, param: 'authorization' })
}

export const ollamaErrorBody = ({ message }: WireError): unknown => ({ error: message })
