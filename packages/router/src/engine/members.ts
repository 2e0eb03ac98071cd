import type { Model, Provider, ProviderInfo, Setting } from '@rivulet/core'
import { extraKeys } from '@rivulet/core/provider'
import { sharedPrefill, withSharedPrefill } from '../continue/prefill.ts'

/** Marks the info of a group, also through layers: a group hands a conversation on and does not read it. */
const GROUP = Symbol.for('@rivulet/router/group')

/** Whether a provider is a group, or layers around one. */
export const isGroup = ({ info }: Provider): boolean => GROUP in info

/** The members of a group, checked. */
export function checkMembers(who: string, members: unknown): readonly Provider[] {
  if (isProvider(members)) throw new TypeError(`${who}: give an array. Did you mean ${who}([provider])?`)
  if (!Array.isArray(members) || members.length === 0) {
    throw new TypeError(`${who}: give an array of at least one provider, as in ${who}([lockchat(), gravityengine()]).`)
  }
  for (const [index, member] of (members as unknown[]).entries()) {
    if (!isProvider(member)) {
      const hint =
        typeof member === 'function' ? ` It is a function: call it, as in ${member.name || 'lockchat'}().` : ''
      throw new TypeError(`${who}: member ${index} is not a provider.${hint}`)
    }
  }
  // A copy: to change the array later does not change the group. Each was checked above.
  return [...(members as Provider[])]
}

export function isProvider(value: unknown): value is Provider {
  return typeof value === 'object' && value !== null && 'stream' in value && 'info' in value
}

/** The info of a group: what at least one of its members can do; `prefill` only what all can. */
export function groupInfo(name: string, members: readonly Provider[]): ProviderInfo {
  const models = new Map<string, Model>()
  const settings = new Map<string, Setting>()
  for (const { info } of members) {
    for (const model of info.models) {
      const known = models.get(model.id)
      models.set(model.id, known === undefined ? model : mergedModel(known, model))
    }
    for (const setting of info.settings) if (!settings.has(setting.name)) settings.set(setting.name, setting)
  }
  const infos = members.map(({ info }) => info)
  const prefill = sharedPrefill(infos.map((info) => info.prefill ?? false))
  const marked: ProviderInfo & { [GROUP]: true } = {
    [GROUP]: true,
    name: `${name} of ${namesOf(members)}`,
    url: members[0]?.info.url ?? '',
    auth: authOf(members),
    streaming: members.some(({ info }) => info.streaming),
    models: withSharedPrefill([...models.values()], infos),
    settings: [...settings.values()],
    extraKeys: [...new Set(members.flatMap(extraKeys))],
    credentials: infos.flatMap(({ credentials = [] }) => credentials),
    ...(prefill !== false && { prefill }),
  }
  return marked
}

/** The names of a few: a group may have a thousand members. */
function namesOf(members: readonly Provider[]): string {
  const names = [...new Set(members.map(({ info }) => info.name))]
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ')
}

function authOf(members: readonly Provider[]): ProviderInfo['auth'] {
  const [first] = members
  return first !== undefined && members.every(({ info }) => info.auth === first.info.auth)
    ? first.info.auth
    : 'optional'
}

/** One model at two members: what either can do, as far as it is known of both; everything else as the first has it. */
function mergedModel(one: Model, other: Model): Model {
  const { inputs: _inputs, tools: _tools, ...rest } = one
  const inputs = one.inputs && other.inputs && [...new Set([...one.inputs, ...other.inputs])]
  const tools = one.tools === true || other.tools === true
  const known = tools || (one.tools === false && other.tools === false)
  return { ...rest, ...(inputs !== undefined && { inputs }), ...(known && { tools }) }
}
