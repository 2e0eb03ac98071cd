import type { ChatRequest, Model, Provider } from '@rivulet/core'

/**
 * Refuses what a member's info says that the model cannot take: images, files, tools. What the info does not say is not
 * refused; fields that the member does not support it refuses itself.
 *
 * @throws TypeError as the member itself would.
 */
export function refuseWhatItCannotTake({ info }: Provider, request: ChatRequest): void {
  // Leave invalid input for the receiving provider to reject.
  if (!Array.isArray(request.messages)) return
  const kinds = kindsOf(request)
  if (kinds.size === 0 && request.tools === undefined) return
  const model = info.models.find(({ id }) => id === request.model)
  if (model === undefined) return
  if (request.tools !== undefined && model.tools === false) {
    throw new TypeError(
      `${info.name}: ${model.id} calls no tools.${instead(info.models, ({ tools }) => tools === true)}`,
    )
  }
  const { inputs } = model
  if (inputs === undefined) return
  for (const kind of kinds) {
    if (inputs.includes(kind)) continue
    const others = instead(info.models, (other) => other.inputs?.includes(kind) === true)
    throw new TypeError(`${info.name}: ${model.id} reads no ${kind}s, it reads: ${inputs.join(', ')}.${others}`)
  }
}

function kindsOf({ messages }: ChatRequest): Set<'image' | 'file'> {
  const kinds = new Set<'image' | 'file'>()
  for (const { content } of messages) {
    if (!isList(content)) continue
    for (const { type } of content) if (type !== 'text') kinds.add(type)
  }
  return kinds
}

function instead(models: readonly Model[], can: (model: Model) => boolean): string {
  const names = models.filter(can).map(({ id }) => id)
  return names.length === 0 ? '' : ` Of its models, these can: ${names.slice(0, 10).join(', ')}.`
}

/** Without the narrowing of `Array.isArray`, which makes a read-only list an `any[]`. */
const isList = <T>(value: string | readonly T[]): value is readonly T[] => Array.isArray(value)
