import type { IncomingRequest, Rules } from '../../incoming-request.ts'
import { RequestError } from '../../request-error.ts'

export interface AnthropicModel {
  readonly id: string
  readonly name: string
  readonly contextTokens: number
  readonly outputTokens: number
}

/** The limits of every model since Opus 4.6, and those of the ones before. */
const long = { contextTokens: 1_000_000, outputTokens: 128_000 }
const short = { contextTokens: 200_000, outputTokens: 64_000 }

export const models: readonly AnthropicModel[] = [
  { id: 'claude-opus-5-5', name: 'Claude Opus 5.5', ...long },
  { id: 'claude-sonnet-5-5', name: 'Claude Sonnet 5.5', ...long },
  { id: 'claude-haiku-5-5', name: 'Claude Haiku 5.5', ...long },
  { id: 'claude-fable-5-2', name: 'Claude Fable 5.2', ...long },
  { id: 'claude-fable-5-1', name: 'Claude Fable 5.1', ...long },
  { id: 'claude-fable-5', name: 'Claude Fable 5', ...long },
  { id: 'claude-opus-5', name: 'Claude Opus 5', ...long },
  { id: 'claude-sonnet-5', name: 'Claude Sonnet 5', ...long },
  { id: 'claude-opus-4-8', name: 'Claude Opus 4.8', ...long },
  { id: 'claude-opus-4-7', name: 'Claude Opus 4.7', ...long },
  { id: 'claude-opus-4-6', name: 'Claude Opus 4.6', ...long },
  { id: 'claude-sonnet-4-6', name: 'Claude Sonnet 4.6', ...long },
  { id: 'claude-opus-4-5', name: 'Claude Opus 4.5', ...short },
  { id: 'claude-sonnet-4-5', name: 'Claude Sonnet 4.5', ...short },
  { id: 'claude-haiku-4-5', name: 'Claude Haiku 4.5', ...short },
]

export function knownAnthropicModel(model: string): AnthropicModel {
  const found = models.find(({ id }) => id === model)
  if (found !== undefined) return found
  throw new RequestError(404, 'model_not_found', `model: ${model}`, { isVerbatim: true, param: 'model' })
}

/** The API versions. The vendor's own clients send the second one since their version 1. */
export const versions = ['2023-06-01', '2026-10-21'] as const

/**
 * Checks the key (`x-api-key` or a bearer token) and returns the version; errors use the vendor's wording.
 *
 * @see https://platform.claude.com/docs/en/api/versioning (2026-11-20)
 */
export function checkHeaders({ headers }: IncomingRequest, { credential }: Rules): (typeof versions)[number] {
  const key = headers['x-api-key'] ?? /^Bearer\s+(.*)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  if (key === '') {
    throw new RequestError(401, 'missing_credential', 'x-api-key header is required', {
      isVerbatim: true,
      param: 'x-api-key',
    })
  }
  if (credential !== undefined && key !== credential) {
    throw new RequestError(401, 'invalid_api_key', 'invalid x-api-key', { isVerbatim: true, param: 'x-api-key' })
  }
  const given = headers['anthropic-version'] ?? ''
  const version = versions.find((known) => known === given)
  if (version !== undefined) return version
  const problem = given === '' ? 'header is required' : `"${given}" is not a valid version.`
  throw new RequestError(400, 'wrong_header', `anthropic-version: ${problem}`, {
    isVerbatim: true,
    param: 'anthropic-version',
  })
}
