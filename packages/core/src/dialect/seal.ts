import type { Origin } from '../chat.ts'
import { isRecord } from '../check/is-record.ts'
import { bytesOf, byteText } from '../framing/frame-view.ts'

/** Begins every seal, so that it is told from the signatures of vendors. */
const MARK = 'rvl1.'

/** What a vendor signed, with its author. */
export interface Sealed extends Origin {
  /** The signature, or the sealed content. */
  value: string
  /** The id of the item that sealed content is bound to. */
  id?: string | undefined
}

/**
 * Writes a signature together with its author, for a client that sends it back byte for byte: only then can a server that
 * reaches several authors tell whose it is. It is not authenticated: a forged one gains nothing, since the vendor checks its
 * own signature.
 *
 * @example
 * readSeal(writeSeal({ provider: 'anthropic', model: 'claude-sonnet-4-5', value: 'EqQB…' }))
 */
export function writeSeal({ provider, model, value, id }: Sealed): string {
  const sealed = JSON.stringify({ provider, model, value, ...(id !== undefined && { id }) })
  return (
    MARK +
    btoa(byteText(bytesOf(sealed)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '')
  )
}

/** Whether a signature is a seal, by its beginning. */
export const isSeal = (signature: unknown): boolean => typeof signature === 'string' && signature.startsWith(MARK)

/** `undefined` for a text that is not a seal. */
export function readSeal(text: string): Sealed | undefined {
  if (!isSeal(text)) return undefined
  try {
    const binary = atob(text.slice(MARK.length).replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    const sealed: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (!isRecord(sealed)) return undefined
    const { provider, model, value, id } = sealed
    if (typeof provider !== 'string' || typeof model !== 'string' || typeof value !== 'string') return undefined
    return { provider, model, value, ...(typeof id === 'string' && { id }) }
  } catch {
    return undefined
  }
}
