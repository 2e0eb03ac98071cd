import type { AssistantMessage, AssistantPart, Message, Origin } from '@rivulet/core'
import { isAuthor, isRecord } from '@rivulet/core/provider'

/** The form of the ids of tool calls that an endpoint accepts. */
export interface ToolCallIds {
  /** `'word'`: letters, digits, `_` and `-`. */
  characters: 'alphanumeric' | 'word'
  /** @default 1 */
  minLength?: number | undefined
  /** At least 8, so that two ids stay two. @default 64 */
  maxLength?: number | undefined
}

/** The provider that gets a conversation. Any `Provider` is one. */
export interface Receiver {
  /** As in the `start` of its answers. */
  id: string
  /** The model that is asked. @default any of its models: only the provider must have written a turn to know its thoughts */
  model?: string | undefined
  /** @default any id */
  toolCallIds?: ToolCallIds | undefined
}

/**
 * A conversation as another provider can take it: what only its author understands is left out (reasoning, and signatures of
 * texts and calls, where `origin` names another author; a turn of nothing else goes too), and the ids of tool calls are
 * rewritten where the receiver demands a form that they don't have. The same id is always rewritten alike, so that the results
 * of tools still find their calls and prompt caches still fit. Parts that are native to a dialect stay: the receiver knows
 * whether it speaks it. Pure; what needs no change is given back as it is, the whole list too.
 *
 * @throws TypeError for a form that has no room for distinct ids.
 * @example
 * const messages = handOff(history, { id: 'mistral', toolCallIds: { characters: 'alphanumeric', minLength: 9, maxLength: 9 } })
 */
export function handOff(messages: readonly Message[], to: Receiver): readonly Message[] {
  // Leave invalid input for the receiving provider to reject.
  if (!isList(messages)) return messages
  const rename = to.toolCallIds === undefined ? (id: string) => id : renamer(messages, to.toolCallIds)
  return changed(messages, (message) => handedMessage(message, to, rename))
}

/** A list with each item as `change` gives it, without those for which it gives nothing; the list itself if it is the same. */
function changed<T>(list: readonly T[], change: (item: T) => T | undefined): readonly T[] {
  const items: T[] = []
  let isSame = true
  for (const item of list) {
    const next = change(item)
    isSame &&= next === item
    if (next === item) items.push(item)
    else if (next !== undefined) items.push(next)
  }
  return isSame ? list : items
}

function handedMessage(message: Message, to: Receiver, rename: (id: string) => string): Message | undefined {
  // Only these two are read: leave anything else for the receiving provider to reject.
  const role = (message as Message | null)?.role
  if (role === 'assistant') return handedTurn(message as AssistantMessage, to, rename)
  if (role !== 'tool' || message.role !== 'tool') return message
  const toolCallId = rename(message.toolCallId)
  return toolCallId === message.toolCallId ? message : { ...message, toolCallId }
}

function handedTurn(
  message: AssistantMessage,
  to: Receiver,
  rename: (id: string) => string,
): AssistantMessage | undefined {
  const { content, origin } = message
  if (typeof content === 'string' || !isList(content)) return message
  const foreign = !hasWritten(to, origin)
  const handed = changed(content, (part) => handedPart(part, foreign, rename))
  if (handed === content) return message
  return handed.length === 0 ? undefined : { ...message, content: handed }
}

const hasWritten = ({ id, model }: Receiver, origin: Origin | undefined): boolean =>
  isAuthor(origin, id, model ?? origin?.model ?? '')

function handedPart(part: AssistantPart, foreign: boolean, rename: (id: string) => string): AssistantPart | undefined {
  if (!isRecord(part)) return part
  if (foreign && part.type === 'reasoning') return undefined
  const named = part.type === 'tool-call' && rename(part.id) !== part.id ? { ...part, id: rename(part.id) } : part
  if (!foreign || !('signature' in named) || named.signature === undefined) return named
  const { signature: _, ...rest } = named
  return rest
}

/** Gives each id one in the form; those that have it keep it, and no two become equal. */
function renamer(messages: readonly Message[], form: ToolCallIds): (id: string) => string {
  const { characters, minLength = 1, maxLength = 64 } = form
  if (maxLength < 8 || minLength > maxLength) {
    throw new TypeError(`handOff: toolCallIds: maxLength must be at least 8, and minLength no more than that.`)
  }
  const [fits, unfit] = characters === 'word' ? [/^[\w-]+$/, /[^\w-]+/g] : [/^[a-z0-9]+$/i, /[^a-z0-9]+/gi]
  const isInForm = (id: string): boolean => fits.test(id) && id.length >= minLength && id.length <= maxLength
  const ids = new Set(messages.flatMap(idsOf))
  const taken = new Set([...ids].filter(isInForm))
  const names = new Map<string, string>()
  for (const id of ids) {
    if (taken.has(id)) continue
    let name: string
    let salt = 0
    do {
      const suffix = hash(salt === 0 ? id : `${id}\n${salt}`)
      salt++
      // The legible part of the id stays before the hash, as far as there is room.
      const room = maxLength - suffix.length
      name = (id.replace(unfit, '').slice(0, Math.max(0, room)) + suffix).slice(-maxLength).padStart(minLength, '0')
    } while (taken.has(name))
    taken.add(name)
    names.set(id, name)
  }
  return (id) => names.get(id) ?? id
}

function idsOf(message: Message): string[] {
  if (!isRecord(message)) return []
  const { role, content, toolCallId } = message
  const ids: unknown[] = role === 'tool' ? [toolCallId] : []
  if (role === 'assistant' && Array.isArray(content))
    for (const part of content as unknown[]) if (isRecord(part) && part.type === 'tool-call') ids.push(part.id)
  return ids.filter((id): id is string => typeof id === 'string')
}

/** Eight letters and digits that depend on every character (FNV-1a, twice, with two offsets). */
function hash(text: string): string {
  const half = (seed: number): string => {
    let sum = seed
    for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193)
    return (sum >>> 0).toString(36).padStart(7, '0').slice(-4)
  }
  return half(0x811c9dc5) + half(0x050c5d1f)
}

/** Without the narrowing of `Array.isArray`, which makes a read-only list an `any[]`. */
const isList = (value: unknown): boolean => Array.isArray(value)
