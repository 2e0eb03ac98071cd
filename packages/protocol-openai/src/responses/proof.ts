import type { Origin } from '@rivulet/core'
import { readSeal, writeSeal } from '@rivulet/core/provider'

/**
 * What an author proves its thinking with. This dialect has one place for it, the encrypted content of a reasoning item:
 * - `sealed`: the reasoning in encrypted form, as this dialect's own models give it;
 * - `signature`: over the text of the item;
 * - `call`, `text`: over the thinking that led to the next call, to the text before the item.
 */
export interface Proof {
  kind: 'sealed' | 'signature' | 'call' | 'text'
  value: string
  /** The id of the item that the value is bound to. */
  id?: string | undefined
}

/** What an author seals is base64, which has no colon. */
const KIND = /^(signature|call|text):/

/** @param author Written into the proof: see {@link writeSeal}. `undefined` to write the proof alone. */
export function writeProof({ kind, value, id }: Proof, author: Origin | undefined): string {
  const content = kind === 'sealed' ? value : `${kind}:${value}`
  return author === undefined
    ? content
    : writeSeal({ provider: author.provider, model: author.model, value: content, id })
}

/** Reads encrypted content. Without an `origin`, only its author can tell whose it is. */
export function readProof(content: string): Proof & { origin?: Origin } {
  const seal = readSeal(content)
  const { value, id } = seal ?? { value: content, id: undefined }
  const kind = KIND.exec(value)?.[1] as Exclude<Proof['kind'], 'sealed'> | undefined
  return {
    kind: kind ?? 'sealed',
    value: kind === undefined ? value : value.slice(kind.length + 1),
    ...(id !== undefined && { id }),
    ...(seal && { origin: { provider: seal.provider, model: seal.model } }),
  }
}
