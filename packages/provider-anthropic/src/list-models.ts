import type { Model } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'

/**
 * Reads `GET /v1/models`. What the endpoint leaves out stays unknown.
 *
 * @see https://platform.claude.com/docs/en/api/models-list (2026-11-20)
 */
export function readModels(document: unknown): Model[] | undefined {
  if (!isRecord(document) || !Array.isArray(document.data)) return undefined
  return document.data.filter(isRecord).flatMap((model): Model[] => {
    const { id, display_name: name, max_input_tokens: contextTokens, max_tokens: outputTokens, capabilities } = model
    if (typeof id !== 'string' || id === '') return []
    const reasoning = supports(capabilities, 'thinking')
    return [
      {
        id,
        ...(typeof name === 'string' && { name }),
        ...(isCount(contextTokens) && { contextTokens }),
        ...(isCount(outputTokens) && { outputTokens }),
        ...(isRecord(capabilities) && {
          inputs: [
            'text' as const,
            ...(supports(capabilities, 'image_input') === true ? ['image' as const] : []),
            ...(supports(capabilities, 'pdf_input') === true ? ['file' as const] : []),
          ],
        }),
        ...(reasoning !== undefined && { reasoning }),
      },
    ]
  })
}

function supports(capabilities: unknown, name: string): boolean | undefined {
  const capability = isRecord(capabilities) ? capabilities[name] : undefined
  return isRecord(capability) && typeof capability.supported === 'boolean' ? capability.supported : undefined
}

const isCount = (value: unknown): value is number => Number.isInteger(value)
