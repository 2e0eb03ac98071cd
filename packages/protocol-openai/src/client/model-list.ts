import type { Model } from '@rivulet/core'
import { type HttpProviderSpec, isRecord } from '@rivulet/core/provider'

/**
 * What an endpoint serves, as `GET /models` tells it: gives a provider its `models()`.
 *
 * @param describe What an entry says beside its id; `undefined` leaves it out, as a model that does not chat.
 * @see https://platform.openai.com/docs/api-reference/models/list (2026-11-20)
 * @example
 * httpProvider({ …, models: modelList((entry) => ({ contextTokens: Number(entry.context_window) })) })
 */
export function modelList(
  describe: (entry: Record<string, unknown>) => Partial<Model> | undefined = () => ({}),
): NonNullable<HttpProviderSpec['models']> {
  return {
    path: '/models',
    read(document) {
      // Some endpoints give the list alone.
      const data: unknown = isRecord(document) ? document.data : document
      if (!Array.isArray(data)) return undefined
      return data.flatMap((entry: unknown) => {
        if (!isRecord(entry) || typeof entry.id !== 'string' || entry.id === '') return []
        const told = describe(entry)
        return told === undefined ? [] : [{ id: entry.id, ...told }]
      })
    },
  }
}
