import type { Model } from '@rivulet/core'
import { entryOf } from './entry.ts'

export interface Merging {
  /** The text of a catalog: `export const MODELS … = [` up to `]`, with its facts dated in the comment above. */
  source: string
  /** What it says. */
  known: readonly Model[]
  /** What the endpoint says. */
  told: readonly Model[]
  /** Ids of the endpoint's that are none to chat with. */
  notChat?: RegExp | undefined
  /** `YYYY-MM-DD` */
  today: string
}

export interface Merged {
  source: string
  added: string[]
  /** In the catalog, and not among what the endpoint tells. They stay: who looks after the catalog decides. */
  vanished: string[]
  /** What the endpoint says otherwise, in words. The catalog stays: its facts have another source. */
  otherwise: string[]
  /** Lines that went and lines that came, as a diff has them. */
  diff: string[]
}

/** Merges what an endpoint says it serves into its catalog. Pure. */
export function merge({ source, known, told, notChat, today }: Merging): Merged {
  const chats = told.filter(({ id }) => notChat?.test(id) !== true)
  const added = chats.filter(({ id }) => !known.some((model) => isOf(id, model.id)))
  const vanished = known.filter(({ id }) => !told.some((model) => isOf(model.id, id))).map(({ id }) => id)
  const lines = source.split('\n')
  const begin = lines.findIndex((line) => line.startsWith('export const MODELS'))
  const end = lines.indexOf(']', begin)
  if (begin === -1 || end === -1) throw new Error('There is no list of MODELS to merge into.')

  const diff: string[] = []
  // The comment above the list, which says of when its facts are.
  for (let at = begin - 1; at >= 0 && /^(?:\/\*\*| \*)/.test(lines[at] ?? ''); at--) {
    const line = lines[at] ?? ''
    const dated = line.replaceAll(/\b20\d\d-\d\d-\d\d\b/g, today)
    if (dated === line) continue
    lines[at] = dated
    diff.unshift(`-${line}`, `+${dated}`)
  }
  const entries = added.flatMap(entryOf)
  if (entries.length > 0)
    entries.unshift(`  // As the endpoint told it on ${today}: what it does not say is to be looked up.`)
  lines.splice(end, 0, ...entries)
  diff.push(...entries.map((line) => `+${line}`))
  return {
    source: lines.join('\n'),
    added: added.map(({ id }) => id),
    vanished,
    otherwise: known.flatMap((model) =>
      differences(
        model,
        told.find(({ id }) => id === model.id),
      ),
    ),
    diff,
  }
}

/** Whether an id is that of a model, or of one of its versions: `claude-haiku-4-5-20251001` is `claude-haiku-4-5`. */
function isOf(id: string, model: string): boolean {
  if (!id.startsWith(model)) return false
  return id === model || /^-(?:\d{8}|\d{4}-\d{2}-\d{2}|\d{3,4}|latest)$/.test(id.slice(model.length))
}

/** What both say, and not alike. */
function differences(known: Model, told: Model | undefined): string[] {
  if (told === undefined) return []
  const fields = ['contextTokens', 'outputTokens', 'tools', 'reasoning', 'inputs', 'price'] as const
  return fields.flatMap((field) => {
    const [here, there] = [JSON.stringify(known[field]), JSON.stringify(told[field])] as (string | undefined)[]
    if (here === undefined || there === undefined || here === there) return []
    return [`${known.id}: ${field} is ${here} in the catalog, ${there} by the endpoint`]
  })
}
