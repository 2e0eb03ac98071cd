import type { Model } from '../provider.ts'

/** More than any endpoint lists: aggregators have hundreds. */
const MAX_MODELS = 10_000
const MAX_ID_CHARACTERS = 1_000

/** The models that an endpoint lists, each once. Entries without a usable id are left out, and what exceeds 10,000. */
export function listedModels(models: readonly Model[]): Model[] {
  const listed = new Map<string, Model>()
  for (const model of models) {
    if (listed.size === MAX_MODELS) break
    const { id } = model
    if (id.trim() !== '' && id.length <= MAX_ID_CHARACTERS && !listed.has(id)) listed.set(id, model)
  }
  return [...listed.values()]
}
