import type { Provider } from '@rivulet/core'
import { didYouMean, isRecord, shown } from '@rivulet/core/provider'

/**
 * The id of the provider that gets what clients send as their credential; `undefined`: none does. One id is one account: members
 * of that id are the same endpoint, as with two of its models.
 *
 * @throws TypeError for anything else; for a provider that would use its own credential all the same; and where it is not plain
 *   who gets one.
 */
export function clientProvider(auth: unknown, { id, info }: Provider): string | undefined {
  if (auth === undefined || auth === 'keys') return undefined
  const named = isRecord(auth) && typeof auth.client === 'string' ? auth.client : undefined
  if (auth !== 'client' && (named ?? '') === '')
    throw new TypeError("gateway: auth must be 'keys', 'client', or { client: the id of a provider }.")
  // Providers that are not ours may have no info.
  const { credentials = [] } = (info as Partial<Provider['info']> | undefined) ?? {}
  const ids = [...new Set(credentials.map((each) => each.id))]
  const [only, ...others] = ids
  if (only === undefined)
    throw new TypeError(
      `gateway: auth: "${id}" uses no credential of a call (its info.credentials is empty), but its own: leave auth out.`,
    )
  if (named === undefined && others.length > 0)
    throw new TypeError(
      `gateway: auth must name the member of the group that gets the clients' credentials, as in { client: '${only}' }.`,
    )
  const client = named ?? only
  const places = new Set(credentials.flatMap((each) => (each.id === client ? [each.baseUrl] : [])))
  if (places.size === 0)
    throw new TypeError(
      `gateway: auth.client: no provider "${shown(client)}" uses clients' credentials.${didYouMean(client, ids)} Known: ${ids.join(', ')}.`,
    )
  if (places.size > 1)
    throw new TypeError(
      `gateway: auth.client: providers at ${places.size} addresses have the id "${client}", and each would get the clients' credentials: give each an id of its own.`,
    )
  return client
}
