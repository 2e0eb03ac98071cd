import { code } from './answers/code.ts'
import { essay } from './answers/essay.ts'
import { greeting, introduction, paragraph, thanks } from './answers/prose.ts'
import { echo, fromHistory, fromTool, seen } from './answers/memory.ts'
import { inLanguage } from './answers/languages.ts'
import { count, list, table } from './answers/structure.ts'
import type { Asked, Say } from './answers/asked.ts'
import { type Cut, limited } from './answers/limits.ts'
import { thoughts } from './answers/reasoning.ts'
import { sample } from './answers/schema.ts'
import { cachedOf, sizeOf } from './answers/sizes.ts'
import { type ToolCall, toolCalls } from './answers/tool.ts'
import { tokensOf } from './answers/tokens.ts'
import type { Wishes } from './answers/wishes.ts'
import type { Message } from './messages.ts'
import { random } from './random.ts'

export { weatherCall, type ToolCall } from './answers/tool.ts'

/** What the simulator says to one request. */
export interface Answer {
  /** `chatcmpl-…`, the same for equal requests. */
  readonly id: string
  readonly text: string
  /** The text in the pieces in which it is streamed; joined they are `text`. */
  readonly tokens: readonly string[]
  /** Instead of a text; at least one. */
  readonly calls?: readonly ToolCall[]
  /** What was thought before, in pieces. */
  readonly reasoning?: readonly string[]
  /** The text says no. */
  readonly isRefusal?: boolean
  /** Why it ends before its own end. */
  readonly cut?: Cut
  readonly inputTokens: number
  /** Thoughts are counted, too. */
  readonly outputTokens: number
  /** Of the input: what was sent before, in an earlier turn of the conversation. */
  readonly cachedTokens: number
}

/** Asked in this order; the first that has something to say answers. */
const replies: readonly Say[] = [
  fromTool,
  fromHistory,
  echo,
  seen,
  count,
  table,
  code,
  inLanguage,
  essay,
  list,
  greeting,
  thanks,
  introduction,
]

/** Nothing, for requests that are not answered in words. */
export const silence: Answer = { id: '', text: '', tokens: [], inputTokens: 0, outputTokens: 0, cachedTokens: 0 }

const refusal = 'I’m sorry, but I can’t help with that.'

/**
 * The answer to a chat: the same for the same seed, model, messages and wishes. Where the last message is the assistant's
 * own and begins the answer, the answer is the rest of it.
 *
 * @example
 * answerTo({ seed: 1, model: 'gpt-4', messages: [{ role: 'user', content: 'count to 12' }], tools: false }).text
 */
export function answerTo(request: {
  readonly seed: number
  readonly model: string
  readonly messages: readonly Message[]
  /** Whether the dialect can carry a tool call. */
  readonly tools: boolean
  readonly wishes?: Wishes
}): Answer {
  const { seed, model, wishes = {} } = request
  const { messages, begun } = parted(request.messages)
  const prompt = (messages.findLast(({ role }) => role === 'user')?.content ?? '').trim()
  const asked: Asked = { prompt, model, messages, random: random(seed, model, prompt), wishes }
  const id = `chatcmpl-${identifier(seed, model, request.messages)}`
  const reasoning =
    wishes.reasoning === true
      ? tokensOf(thoughts({ ...asked, random: random(seed, prompt, 'thoughts') }), random(seed, prompt, 'thinking'))
      : undefined
  const thought = reasoning === undefined ? {} : { reasoning }
  const given = { id, inputTokens: sizeOf(request.messages), cachedTokens: cachedOf(request.messages), ...thought }
  const thoughtTokens = reasoning?.length ?? 0

  const isRefusal = refuses.test(prompt) && messages.at(-1)?.role !== 'tool'
  const calls = isRefusal ? undefined : toolCalls(asked, request.tools)
  if (typeof calls === 'object') {
    const outputTokens = calls.reduce((sum, { fragments }) => sum + fragments.length + 4, thoughtTokens)
    return { ...given, text: '', tokens: [], calls, outputTokens }
  }
  const words = calls ?? (isRefusal ? refusal : (jsonOf(asked) ?? firstOf(asked)))
  // Lone surrogates cannot be written as UTF-8; what is recorded must be what was sent.
  const whole = words.toWellFormed()
  const rest = begun !== '' && whole.startsWith(begun) ? whole.slice(begun.length) : whole
  const { tokens, cut } = limited(tokensOf(rest, random(seed, model, prompt, 'tokens')), wishes)
  const outputTokens = tokens.length + thoughtTokens
  const ended = cut === undefined ? {} : { cut }
  return { ...given, text: tokens.join(''), tokens, outputTokens, ...(isRefusal ? { isRefusal } : {}), ...ended }
}

const refuses = /\brefuse (?:this|that|it|me|to answer)\b/iu

/** The conversation, and what the assistant has begun to say at its end. */
function parted(messages: readonly Message[]): { readonly messages: readonly Message[]; readonly begun: string } {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || messages.length < 2) return { messages, begun: '' }
  return { messages: messages.slice(0, -1), begun: last.content }
}

/** How it is asked for where the dialect has no field for it. */
const wantsJson = /\b(?:answer|reply|respond) (?:with|in) JSON only\b/iu

function jsonOf(asked: Asked): string | undefined {
  const told = asked.messages.some(({ role, content }) => role === 'system' && wantsJson.test(content))
  const { json = told ? {} : undefined } = asked.wishes
  if (json === undefined) return undefined
  return JSON.stringify(Object.keys(json).length === 0 ? { answer: firstOf(asked) } : sample(json, asked))
}

function firstOf(asked: Asked): string {
  for (const reply of replies) {
    const text = reply(asked)
    if (text !== undefined) return text
  }
  return paragraph(asked)
}

function identifier(seed: number, model: string, messages: readonly Message[]): string {
  const source = random(seed, model, JSON.stringify(messages))
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: 24 }, () => letters.charAt(source.below(letters.length))).join('')
}
