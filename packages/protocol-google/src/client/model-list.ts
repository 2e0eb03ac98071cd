import type { Model } from '@rivulet/core'
import { type HttpProviderSpec, isRecord } from '@rivulet/core/provider'

const SUPPORTED = new Set<unknown>(['generateContent', 'embedContent'])

/**
 * The models that an endpoint lists at `GET /v1beta/models`, without those that neither chat nor embed: gives a provider
 * its `models()`.
 *
 * @see https://ai.google.dev/api/models (2026-11-20)
 * @example
 * httpProvider({ ...spec, models: modelList() })
 */
export function modelList(): NonNullable<HttpProviderSpec['models']> {
  return { path: '/v1beta/models?pageSize=1000', read: readModels }
}

function readModels(document: unknown): Model[] | undefined {
  if (!isRecord(document) || !Array.isArray(document.models)) return undefined
  return document.models.filter(isRecord).flatMap((model): Model[] => {
    const { name, displayName, inputTokenLimit, outputTokenLimit, supportedGenerationMethods, thinking } = model
    const methods: unknown = supportedGenerationMethods
    if (typeof name !== 'string') return []
    if (Array.isArray(methods) && !methods.some((method) => SUPPORTED.has(method))) return []
    return [
      {
        id: name.replace(/^models\//, ''),
        ...(typeof displayName === 'string' && { name: displayName }),
        ...(isCount(inputTokenLimit) && { contextTokens: inputTokenLimit }),
        ...(isCount(outputTokenLimit) && { outputTokens: outputTokenLimit }),
        ...(typeof thinking === 'boolean' && { reasoning: thinking }),
      },
    ]
  })
}

const isCount = (value: unknown): value is number => Number.isInteger(value)
