import type { Model } from '@rivulet/core'
import { entryOf } from './entry.ts'

export interface Merging {
  /** The text of a catalog: `export const MODELS … = [` up to `]`, with its facts dated in the comment above. */
  source: string
  /** The models in it. */
  known: readonly Model[]
  /** The models that the endpoint lists. */
  listed: readonly Model[]
  /** Listed ids that are not chat models. */
  notChat?: RegExp | undefined
  /** `YYYY-MM-DD` */
  today: string
}

export interface Merged {
  source: string
  added: string[]
  /** In the catalog, but not listed by the endpoint. They stay: the maintainer decides. */
  vanished: string[]
  /** Facts that differ at the endpoint, in words. The catalog stays: its facts have another source. */
  otherwise: string[]
  /** The removed and the added lines, as a diff. */
  diff: string[]
}

/** Merges the models that an endpoint lists into its catalog. Pure. */
export function merge({ source, known, listed, notChat, today }: Merging): Merged {
  const chats = listed.filter(({ id }) => notChat?.test(id) !== true)
  const added = chats.filter(({ id }) => !known.some((model) => isOf(id, model.id)))
  const vanished = known.filter(({ id }) => !listed.some((model) => isOf(model.id, id))).map(({ id }) => id)
  const lines = source.split('\n')
  const begin = lines.findIndex((line) => line.startsWith('export const MODELS'))
  const end = lines.findIndex((line, at) => at > begin && /^\](?: as const satisfies .*)?$/.test(line))
  if (begin === -1 || end === -1) throw new Error('There is no list of MODELS to merge into.')

  const diff: string[] = []
  // The comment above the list, which dates its facts.
  for (let at = begin - 1; at >= 0 && /^(?:\/\*\*| \*)/.test(lines[at] ?? ''); at--) {
    const line = lines[at] ?? ''
    const dated = line.replaceAll(/\b20\d\d-\d\d-\d\d\b/g, today)
    if (dated === line) continue
    lines[at] = dated
    diff.unshift(`-${line}`, `+${dated}`)
  }
  const entries = added.flatMap(entryOf)
  if (entries.length > 0) entries.unshift(`  // As the endpoint listed it on ${today}: look up what is missing.`)
  lines.splice(end, 0, ...entries)
  diff.push(...entries.map((line) => `+${line}`))
  return {
    source: lines.join('\n'),
    added: added.map(({ id }) => id),
    vanished,
    otherwise: known.flatMap((model) =>
      differences(
        model,
        listed.find(({ id }) => id === model.id),
      ),
    ),
    diff,
  }
}

/** Whether the id names the model or one of its versions: `claude-haiku-4-5-20251001` is `claude-haiku-4-5`. */
function isOf(id: string, model: string): boolean {
  if (!id.startsWith(model)) return false
  return id === model || /^-(?:\d{8}|\d{4}-\d{2}-\d{2}|\d{3,4}|latest)$/.test(id.slice(model.length))
}

/** The facts on which both sides differ, in words. */
function differences(known: Model, listed: Model | undefined): string[] {
  if (listed === undefined) return []
  const fields = ['contextTokens', 'outputTokens', 'tools', 'reasoning', 'inputs', 'price'] as const
  return fields.flatMap((field) => {
    const [here, there] = [JSON.stringify(known[field]), JSON.stringify(listed[field])] as (string | undefined)[]
    if (here === undefined || there === undefined || here === there) return []
    return [`${known.id}: ${field} is ${here} in the catalog, ${there} at the endpoint`]
  })
}
