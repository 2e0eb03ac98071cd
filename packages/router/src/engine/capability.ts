import type { ChatRequest, ContentType, Model, Part, Provider } from '@rivulet/core'
import { isRecord, shown } from '@rivulet/core/provider'
import { isGroup } from './members.ts'

/**
 * Refuses what a member's info says that it cannot take: images and files, also in the results of tools; tools, and tools of
 * another dialect. What the info does not say is not refused; fields that the member does not support it refuses itself.
 *
 * @throws TypeError as the member itself would.
 */
export function refuseWhatItCannotTake(member: Provider, request: ChatRequest): void {
  const { info } = member
  // Leave invalid input for the receiving provider to reject.
  if (!Array.isArray(request.messages)) return
  // Of a group, each member is asked.
  if (!isGroup(member)) refuseForeignTools(info, request.tools)
  const kinds = kindsOf(request)
  if (kinds.length === 0 && request.tools === undefined) return
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

/** Only its own dialect has a word for a native tool, and to leave a tool out changes what is asked. */
function refuseForeignTools({ name, extraKeys }: Provider['info'], tools: ChatRequest['tools']): void {
  if (extraKeys === undefined || !Array.isArray(tools)) return
  for (const tool of tools as unknown[]) {
    if (!isRecord(tool) || tool.type !== 'native' || extraKeys.includes(tool.dialect as string)) continue
    throw new TypeError(`${name} has no tools of the dialect "${shown(String(tool.dialect))}".`)
  }
}

type Kind = Exclude<ContentType, 'text'>

function kindsOf({ messages }: ChatRequest): readonly Kind[] {
  const kinds: Kind[] = []
  for (const { content } of messages) {
    if (!isList(content)) continue
    for (const { type } of content) {
      if ((type === 'image' || type === 'file') && !kinds.includes(type)) kinds.push(type)
    }
  }
  return kinds
}

function instead(models: readonly Model[], can: (model: Model) => boolean): string {
  const names = models.filter(can).map(({ id }) => id)
  return names.length === 0 ? '' : ` Of its models, these can: ${names.slice(0, 10).join(', ')}.`
}

/** Without the narrowing of `Array.isArray`, which makes a read-only list an `any[]`. */
const isList = (content: string | readonly Part[]): content is readonly Part[] => Array.isArray(content)
