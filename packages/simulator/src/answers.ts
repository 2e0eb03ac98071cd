import { code } from './answers/code.ts'
import { essay } from './answers/essay.ts'
import { greeting, introduction, paragraph, thanks } from './answers/prose.ts'
import { echo, recallHistory, repeatToolResults, describeImages } from './answers/history.ts'
import { inLanguage } from './answers/languages.ts'
import { fact, sum } from './answers/facts.ts'
import { riverFact, riverList, table } from './answers/rivers.ts'
import { count, list } from './answers/structure.ts'
import type { PromptContext, Responder } from './answers/prompt.ts'
import { type EarlyStop, limited } from './answers/limits.ts'
import { reasoningText } from './answers/reasoning.ts'
import { sample } from './answers/sample.ts'
import { cachedTokensOf, inputTokensOf } from './answers/input-tokens.ts'
import { type ToolCall, toolCalls } from './answers/tool-calls.ts'
import { tokensOf } from './answers/tokens.ts'
import type { GenerationOptions } from './answers/generation-options.ts'
import type { Message } from './messages.ts'
import { random } from './random.ts'

export { weatherCall, type ToolCall } from './answers/tool-calls.ts'

/** The simulator's answer to one request. */
export interface Answer {
  /** `chatcmpl-…`, the same for equal requests. */
  readonly id: string
  readonly text: string
  /** The pieces in which the text is streamed; joined, they are `text`. */
  readonly tokens: readonly string[]
  /** In place of a text; at least one. */
  readonly calls?: readonly ToolCall[]
  /** The reasoning before the answer, in pieces. */
  readonly reasoning?: readonly string[]
  /** The text is a refusal. */
  readonly isRefusal?: boolean
  /** Why the answer stopped before it was complete. */
  readonly earlyStop?: EarlyStop
  readonly inputTokens: number
  /** Includes reasoning tokens. */
  readonly outputTokens: number
  /** The part of `inputTokens` that an earlier turn of the conversation already sent. */
  readonly cachedTokens: number
}

/** Tried in this order; the first that returns a text answers. */
const replies: readonly Responder[] = [
  repeatToolResults,
  recallHistory,
  echo,
  describeImages,
  count,
  sum,
  table,
  code,
  inLanguage,
  essay,
  fact,
  riverFact,
  riverList,
  list,
  greeting,
  thanks,
  introduction,
]

/** For requests that are answered with a document only. */
export const emptyAnswer: Answer = { id: '', text: '', tokens: [], inputTokens: 0, outputTokens: 0, cachedTokens: 0 }

const refusal = 'I’m sorry, but I can’t help with that.'

/**
 * The answer to a chat: the same for the same seed, model, messages and options. If the last message is the assistant's and
 * begins the answer (a prefill), only the rest is returned.
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
  readonly options?: GenerationOptions
}): Answer {
  const { seed, model, options = {} } = request
  const { messages, prefill } = splitPrefill(request.messages)
  const prompt = (messages.findLast(({ role }) => role === 'user')?.content ?? '').trim()
  const context: PromptContext = { prompt, model, messages, random: random(seed, model, prompt), options }
  const id = `chatcmpl-${identifier(seed, model, request.messages)}`
  const reasoning =
    options.reasoning === true
      ? tokensOf(
          reasoningText({ ...context, random: random(seed, prompt, 'thoughts') }),
          random(seed, prompt, 'thinking'),
        )
      : undefined
  const reasoned = reasoning === undefined ? {} : { reasoning }
  const given = {
    id,
    inputTokens: inputTokensOf(request.messages),
    cachedTokens: cachedTokensOf(request.messages),
    ...reasoned,
  }
  const reasoningTokens = reasoning?.length ?? 0

  const isRefusal = asksForRefusal.test(prompt) && messages.at(-1)?.role !== 'tool'
  const calls = isRefusal ? undefined : toolCalls(context, request.tools)
  if (typeof calls === 'object') {
    const outputTokens = calls.reduce((sum, { fragments }) => sum + fragments.length + 4, reasoningTokens)
    return { ...given, text: '', tokens: [], calls, outputTokens }
  }
  const words = calls ?? (isRefusal ? refusal : (jsonOf(context) ?? firstReply(context)))
  // Lone surrogates cannot be written as UTF-8; the recorded text must equal the text on the wire.
  const text = words.toWellFormed()
  const rest = prefill !== '' && text.startsWith(prefill) ? text.slice(prefill.length) : text
  const { tokens, earlyStop } = limited(tokensOf(rest, random(seed, model, prompt, 'tokens')), options)
  const outputTokens = tokens.length + reasoningTokens
  const ended = earlyStop === undefined ? {} : { earlyStop }
  return { ...given, text: tokens.join(''), tokens, outputTokens, ...(isRefusal ? { isRefusal } : {}), ...ended }
}

const asksForRefusal = /\brefuse (?:this|that|it|me|to answer)\b/iu

/** Splits off a last assistant message: the beginning of the answer. */
function splitPrefill(messages: readonly Message[]): {
  readonly messages: readonly Message[]
  readonly prefill: string
} {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || messages.length < 2) return { messages, prefill: '' }
  return { messages: messages.slice(0, -1), prefill: last.content }
}

/** How a system message requests JSON where the dialect has no field for it. */
const wantsJson = /\b(?:answer|reply|respond) (?:with|in) JSON only\b/iu

function jsonOf(context: PromptContext): string | undefined {
  const isRequested = context.messages.some(({ role, content }) => role === 'system' && wantsJson.test(content))
  const { json = isRequested ? {} : undefined } = context.options
  if (json === undefined) return undefined
  return JSON.stringify(Object.keys(json).length === 0 ? { answer: firstReply(context) } : sample(json, context))
}

function firstReply(context: PromptContext): string {
  for (const reply of replies) {
    const text = reply(context)
    if (text !== undefined) return text
  }
  return paragraph(context)
}

function identifier(seed: number, model: string, messages: readonly Message[]): string {
  const source = random(seed, model, JSON.stringify(messages))
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: 24 }, () => letters.charAt(source.below(letters.length))).join('')
}
