import { isRecord, readErrorBody, type StatedError } from '@rivulet/core/provider'
import type { ErrorQuirk } from './quirks.ts'

/** How much of an error is searched for an endpoint's own words. */
const MAX_CHARACTERS = 65_536

/**
 * What an error body means: as core reads it, unless the endpoint's own quirks know better.
 *
 * @param status HTTP status, or `undefined` for an error in an answer that began as a success.
 */
export function readError(status: number | undefined, body: unknown, quirks: readonly ErrorQuirk[] = []): StatedError {
  const stated = readErrorBody(status, body)
  const told = (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, MAX_CHARACTERS)
  const quirk = quirks.find((known) => (known.status ?? status) === status && known.pattern.test(told))
  const upstream = upstreamWords(body)
  return {
    code: quirk?.code ?? stated.code,
    message: upstream === undefined ? stated.message : `${stated.message}: ${upstream}`,
  }
}

/** A router that hands on an error says "Provider returned error", and in `metadata.raw` what the provider said. */
function upstreamWords(body: unknown): string | undefined {
  const error = isRecord(body) ? body.error : undefined
  const raw = isRecord(error) && isRecord(error.metadata) ? error.metadata.raw : undefined
  return typeof raw === 'string' && raw !== '' ? raw.slice(0, 500) : undefined
}
