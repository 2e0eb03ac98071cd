import type { CallOptions } from '@rivulet/core'
import type { Asked } from '../call.ts'
import type { Exchange } from '../exchange.ts'
import { idOf } from '../keys/key.ts'
import { Refused } from './refused.ts'

/** Where a key of this server is, when what is sent in the usual places is for a provider. */
export const KEY_HEADER = 'x-rivulet-key'

/** Whose they are, this server alone knows: no endpoint gets them. */
const PRIVATE = new Set(['authorization', 'x-api-key', 'x-goog-api-key', KEY_HEADER, 'cookie', 'proxy-authorization'])

/** A credential as a client sends it. */
export interface SentCredential {
  readonly key: string
  /** It came in `authorization`. */
  readonly isBearer: boolean
}

/**
 * The credential that a client sends, wherever its dialect puts one; `undefined` for none.
 *
 * @throws Refused 400 for two that differ: which one is meant, only the client knows.
 */
export function credentialOf({ headers, query }: Exchange): SentCredential | undefined {
  const { authorization, 'x-api-key': own, 'x-goog-api-key': google } = headers
  const bearer = authorization?.replace(/^bearer\s+/i, '')
  const given = [bearer, own, google, query.key]
    .map((value) => value?.trim())
    .filter((value) => value !== undefined && value !== '')
  const [first, ...others] = given
  if (others.some((other) => other !== first)) {
    throw new Refused(
      400,
      'the request has two credentials that differ: send one of authorization, x-api-key, x-goog-api-key, ?key=',
    )
  }
  return first === undefined ? undefined : { key: first, isBearer: first === bearer?.trim() }
}

/**
 * What a client sends, for the provider that gets it. In `authorization`, where the keys of its dialect have a place of their own,
 * it is a token, as of a subscription.
 *
 * @throws Refused 401 for none, and for a key of this gateway's, which no endpoint must see.
 */
export function credentialsFor(
  id: string,
  sent: SentCredential | undefined,
  { exchange, dialect: { keysAreBearer } }: Pick<Asked, 'exchange' | 'dialect'>,
): NonNullable<CallOptions['credentials']> {
  if (sent === undefined) throw new Refused(401, `no credential: send that of your account at "${id}"`)
  const { key, isBearer } = sent
  // Not every key of a gateway shows what it is: one may be any text.
  if (idOf(key) !== '' || key === exchange.headers[KEY_HEADER]?.trim())
    throw new Refused(401, `the key of this server goes in ${KEY_HEADER}`)
  return { [id]: isBearer && !keysAreBearer ? { bearer: key } : key }
}

/** The headers without credentials. */
export const publicHeaders = (headers: Exchange['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !PRIVATE.has(name)))

/** The query without credentials. */
export function publicQuery({ key: _, ...query }: Exchange['query']): Record<string, string> {
  return query
}
