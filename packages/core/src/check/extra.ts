import type { ChatRequest } from '../chat.ts'
import type { Provider } from '../provider.ts'
import { must } from './check.ts'
import { isRecord } from './is-record.ts'
import { didYouMean, shown } from './suggest.ts'

/** Dialects that have a name in every group, whether or not one of its members speaks them. */
const DIALECTS = ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini']

/** The keys of `extra` that a provider reads, or one of the providers below it. */
export const extraKeys = ({ id, info }: Pick<Provider, 'id' | 'info'>): readonly string[] =>
  // Providers that are not ours may have no info.
  (info as Partial<Provider['info']> | undefined)?.extraKeys ?? [id]

/**
 * The request with those fields of `extra` that are for one of the keys: a provider gets none that are meant for another.
 *
 * @throws TypeError for a key that no provider below reads, and for fields that are not an object.
 */
export function onlyExtra(who: string, request: ChatRequest, keys: readonly string[], all = keys): ChatRequest {
  // Most requests have none: they are not copied.
  if (!isRecord(request.extra)) return request
  const { extra = {}, ...rest } = request
  const known = [...new Set([...all, ...DIALECTS])]
  const own: [string, Readonly<Record<string, unknown>>][] = []
  for (const [key, fields] of Object.entries(extra)) {
    if (!known.includes(key)) {
      const hint = didYouMean(key, known)
      throw new TypeError(
        `${who}: extra has fields by provider or dialect, and "${shown(key)}" is none of them.${hint} Known: ${known.join(', ')}; as in { extra: { ${known[0] ?? ''}: { … } } }.`,
      )
    }
    must(isRecord(fields), `${who}: extra["${key}"]`, 'an object of body fields', fields)
    if (keys.includes(key)) own.push([key, fields])
  }
  return own.length === 0 ? rest : { ...rest, extra: Object.fromEntries(own) }
}

/**
 * The body fields of `extra` for one endpoint: those for its dialect, then those for its id.
 *
 * @example
 * extraFields(request, 'openai-chat') // the fields of a request that httpProvider() gives to a protocol
 */
export const extraFields = ({ extra }: ChatRequest, ...keys: readonly string[]): Record<string, unknown> =>
  extra === undefined ? {} : (Object.assign({}, ...keys.map((key) => extra[key])) as Record<string, unknown>)
