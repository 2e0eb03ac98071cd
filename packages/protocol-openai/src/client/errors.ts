import { boundedJson, isRecord, readErrorBody, type StatedError } from '@rivulet/core/provider'
import type { ErrorQuirk } from '../quirks.ts'

/** How much of an error is matched against an endpoint's quirks. */
const MAX_CHARACTERS = 65_536

/**
 * The code and the message of an error body: as core reads it, unless one of the endpoint's quirks matches.
 *
 * @param status HTTP status, or `undefined` for an error in an answer that began as a success.
 */
export function readError(status: number | undefined, body: unknown, quirks: readonly ErrorQuirk[] = []): StatedError {
  const stated = readErrorBody(status, body)
  const sent = typeof body === 'string' ? body.slice(0, MAX_CHARACTERS) : boundedJson(body, MAX_CHARACTERS)
  const quirk = quirks.find((known) => (known.status ?? status) === status && known.pattern.test(sent))
  const upstream = upstreamMessage(body)
  return {
    code: quirk?.code ?? stated.code,
    message: upstream === undefined ? stated.message : `${stated.message}: ${upstream}`,
  }
}

/** A router that forwards an error says "Provider returned error", and has the provider's message in `metadata.raw`. */
function upstreamMessage(body: unknown): string | undefined {
  const error = isRecord(body) ? body.error : undefined
  const raw = isRecord(error) && isRecord(error.metadata) ? error.metadata.raw : undefined
  return typeof raw === 'string' && raw !== '' ? raw : undefined
}
