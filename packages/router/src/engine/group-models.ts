import { type CallOptions, ChatError, deadlines, type Model, pipe, type Provider } from '@rivulet/core'
import { isRecord, unlessAborted } from '@rivulet/core/provider'
import { asFailure } from './as-failure.ts'
import { groupError } from './group-error.ts'
import type { GroupRules } from './group-options.ts'

/**
 * The models of each member, all asked at once; an empty list for a member that can't be asked or fails. These are not
 * attempts: no member takes another's place.
 *
 * @throws the error of the group when every member that was asked fails, and the caller's abort reason.
 */
export async function modelLists(
  members: readonly Provider[],
  { id, totalMs, clock }: GroupRules,
  call: CallOptions | undefined,
): Promise<(readonly Model[])[]> {
  const limits = { connectMs: Infinity, idleMs: Infinity, firstTokenMs: totalMs, totalMs, clock }
  const failures: ChatError[] = []
  let answered = 0
  const asked = members.map(async (member) => {
    if (member.models === undefined) return []
    const inTime = totalMs === Infinity ? member : pipe(member, deadlines(limits))
    try {
      const list = checked(member.id, await inTime.models?.(call))
      answered++
      return list
    } catch (error) {
      failures.push(asFailure(member.id, error))
      return []
    }
  })
  const lists = await unlessAborted(Promise.all(asked), call?.signal)
  call?.signal?.throwIfAborted()
  if (answered > 0 || failures.length === 0) return lists
  throw groupError(id, failures)
}

/** What has the id of a model. @throws ChatError for what is no list. */
function checked(provider: string, list: unknown): readonly Model[] {
  if (!Array.isArray(list)) throw new ChatError('malformed', `${provider}: it gave no list of models`, { provider })
  return list.filter((model: unknown): model is Model => isRecord(model) && typeof model.id === 'string')
}

/** Each model once, as the first list has it. */
export function eachModelOnce(lists: readonly (readonly Model[])[]): Model[] {
  const models = new Map<string, Model>()
  for (const model of lists.flat()) if (!models.has(model.id)) models.set(model.id, model)
  return [...models.values()]
}
