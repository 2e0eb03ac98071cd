import type { Exchange } from '../exchange.ts'
import { Refused } from './refused.ts'

/** Whose they are, this server alone knows: no endpoint gets them. */
const PRIVATE = new Set(['authorization', 'x-api-key', 'x-goog-api-key', 'cookie', 'proxy-authorization'])

/**
 * The credential that a client sends, wherever its dialect puts one; `undefined` for none.
 *
 * @throws Refused 400 for two that differ: which one is meant, only the client knows.
 */
export function credentialOf({ headers, query }: Exchange): string | undefined {
  const { authorization, 'x-api-key': own, 'x-goog-api-key': google } = headers
  const given = [authorization?.replace(/^bearer\s+/i, ''), own, google, query.key]
    .map((value) => value?.trim())
    .filter((value) => value !== undefined && value !== '')
  const [first, ...others] = given
  if (others.some((other) => other !== first)) {
    throw new Refused(
      400,
      'the request has two credentials that differ: send one of authorization, x-api-key, x-goog-api-key, ?key=',
    )
  }
  return first
}

/** The headers without credentials. */
export const publicHeaders = (headers: Exchange['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !PRIVATE.has(name)))

/** The query without credentials. */
export function publicQuery({ key: _, ...query }: Exchange['query']): Record<string, string> {
  return query
}
