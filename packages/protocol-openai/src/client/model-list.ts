import type { Model } from '@rivulet/core'
import { type HttpProviderSpec, isRecord } from '@rivulet/core/provider'

/**
 * The models that an endpoint lists at `GET /models`: gives a provider its `models()`.
 *
 * @param describe Reads an entry's other facts; `undefined` omits the entry, for a model that does not chat.
 * @see https://platform.openai.com/docs/api-reference/models/list (2026-11-20)
 * @example
 * httpProvider({ ...spec, models: modelList((entry) => ({ contextTokens: Number(entry.context_window) })) })
 */
export function modelList(
  describe: (entry: Record<string, unknown>) => Partial<Model> | undefined = () => ({}),
): NonNullable<HttpProviderSpec['models']> {
  return {
    path: '/models',
    read(document) {
      // Some endpoints send the list without `data` around it.
      const data: unknown = isRecord(document) ? document.data : document
      if (!Array.isArray(data)) return undefined
      return data.flatMap((entry: unknown) => {
        if (!isRecord(entry) || typeof entry.id !== 'string' || entry.id === '') return []
        const facts = describe(entry)
        return facts === undefined ? [] : [{ id: entry.id, ...facts }]
      })
    },
  }
}
