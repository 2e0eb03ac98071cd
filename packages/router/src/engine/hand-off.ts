import type { AssistantMessage, Message, ToolCall } from '@rivulet/core'

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
  /** @default any id */
  toolCallIds?: ToolCallIds | undefined
}

/**
 * A conversation as another provider can take it: what only its author understands is left out (`thoughts` with their
 * signatures, where `origin` names another provider), and the ids of tool calls are rewritten where the receiver demands a
 * form that they don't have. The same id is always rewritten alike, so that the results of tools still find their calls and
 * prompt caches still fit. Pure; what needs no change is given back as it is, the whole list too.
 *
 * @throws TypeError for a form that has no room for distinct ids.
 * @example
 * const messages = handOff(history, { id: 'mistral', toolCallIds: { characters: 'alphanumeric', minLength: 9, maxLength: 9 } })
 */
export function handOff(messages: readonly Message[], to: Receiver): readonly Message[] {
  // Leave invalid input for the receiving provider to reject.
  if (!isList(messages)) return messages
  const rename = to.toolCallIds === undefined ? (id: string) => id : renamer(messages, to.toolCallIds)
  const handed = messages.map((message) => handedMessage(message, to.id, rename))
  return handed.some((message, index) => message !== messages[index]) ? handed : messages
}

function handedMessage(message: Message, to: string, rename: (id: string) => string): Message {
  // Only these two are read: leave anything else for the receiving provider to reject.
  const role = (message as Message | null)?.role
  if (role === 'assistant') return handedTurn(message as AssistantMessage, to, rename)
  if (role !== 'tool' || message.role !== 'tool') return message
  const toolCallId = rename(message.toolCallId)
  return toolCallId === message.toolCallId ? message : { ...message, toolCallId }
}

function handedTurn(message: AssistantMessage, to: string, rename: (id: string) => string): AssistantMessage {
  const { thoughts, toolCalls, ...rest } = message
  const foreign = thoughts !== undefined && rest.origin !== undefined && rest.origin !== to
  const renamed = toolCalls?.map((call): ToolCall => {
    const id = rename(call.id)
    return id === call.id ? call : { ...call, id }
  })
  const same = renamed === undefined || renamed.every((call, index) => call === toolCalls?.[index])
  if (!foreign && same) return message
  return { ...rest, ...(renamed && { toolCalls: renamed }), ...(thoughts && !foreign && { thoughts }) }
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
  const { role, toolCalls, toolCallId } = message as { role?: string; toolCalls?: ToolCall[]; toolCallId?: string }
  if (role === 'assistant') return toolCalls?.map(({ id }) => id) ?? []
  return role === 'tool' && toolCallId !== undefined ? [toolCallId] : []
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
