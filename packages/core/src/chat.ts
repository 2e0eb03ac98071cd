/** The vocabulary: requests, and the events and results of answers. Types only; every value is plain JSON. */

import type { Message, Dialect, AssistantPart, ToolCallPart, Tool } from './conversation.ts'
import type { ErrorCode } from './error-codes.ts'

export type {
  AssistantMessage,
  AssistantPart,
  CacheMark,
  Dialect,
  FilePart,
  FunctionTool,
  ImagePart,
  Message,
  NativePart,
  NativeTool,
  Origin,
  Part,
  ReasoningPart,
  SystemMessage,
  TextPart,
  TextTool,
  Tool,
  ToolCallPart,
  ToolMessage,
  ToolPart,
  UserMessage,
  UserPart,
} from './conversation.ts'

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string }

/**
 * `'json'` asks for any JSON; an object asks for JSON that matches its schema. `strict: false` makes the schema a hint, for
 * endpoints that reject some forms of schema; `'auto'` does so only where the endpoint can't hold an answer to all of it, for
 * who validates the answer. @default `strict: true`
 */
export type ResponseFormat =
  | 'text'
  | 'json'
  | { name: string; schema: Readonly<Record<string, unknown>>; strict?: boolean | 'auto' | undefined }

/** A model that does not know a step gets the nearest that it knows. */
export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'

/** A request to a model. Never mutated; equal requests encode to equal bytes. */
export interface ChatRequest {
  /** The model's name at the provider. */
  model: string
  /** Oldest first; at least one. */
  messages: readonly Message[]
  /** `false` asks the endpoint for its answer in one piece; the events are the same. @default true */
  stream?: boolean | undefined
  /** 0 (the likeliest token) to about 2 (wild). @default the provider's */
  temperature?: number | undefined
  /** Samples only from the likeliest tokens whose probabilities sum to this, 0 to 1. */
  topP?: number | undefined
  /** Samples only from this many of the likeliest tokens. */
  topK?: number | undefined
  /** The most tokens that the answer may have. */
  maxTokens?: number | undefined
  /** The answer ends before the first of these strings. */
  stop?: readonly string[] | undefined
  /** A whole number: equal requests with equal seeds get similar answers, where the endpoint honours it. */
  seed?: number | undefined
  /** −2 to 2. */
  presencePenalty?: number | undefined
  /** −2 to 2. */
  frequencyPenalty?: number | undefined
  /** What the model may call; `runTools` calls them for you. @default none */
  tools?: readonly Tool[] | undefined
  /** Whether the model must call a tool, and which. @default the provider's, mostly `'auto'` */
  toolChoice?: ToolChoice | undefined
  /** `false`: at most one call in a turn. @default the provider's, mostly `true` */
  parallelToolCalls?: boolean | undefined
  /** Text, any JSON, or JSON that matches a schema. @default 'text' */
  responseFormat?: ResponseFormat | undefined
  /** How much a model thinks before it answers. @default the provider's */
  reasoning?: ReasoningEffort | undefined
  /** Names the conversation, so that its requests go to one member of a group: its prompt cache is there. Never sent. */
  session?: string | undefined
  /**
   * Body fields that Rivulet has no name for, by the dialect or the id of the provider that they are for: sent there as they
   * are, and merged last.
   * @example { openai: { service_tier: 'flex' } }
   */
  extra?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
  /** The request as a client sent it to a server, which is passed on unchanged to an endpoint of the same dialect. */
  native?: NativeRequest | undefined
}

/** A request as it came over the wire. Whoever changes more of a {@link ChatRequest} than its model drops it. */
export interface NativeRequest {
  /** The dialect of the client. */
  dialect: Dialect
  /** The body as it came: reading and writing it again would reorder keys and round long integers. */
  text: string
  /** The same, parsed. */
  body: Readonly<Record<string, unknown>>
  /** Those that belong to the dialect, by lower-case names: no credentials. */
  headers: Readonly<Record<string, string>>
  /** Names of the body's fields that a {@link ChatRequest} has no field for. */
  unnamed: readonly string[]
}

/**
 * The events of an answer, in order. A stream that does not throw ends with exactly one `finish`.
 * The union only grows: ignore types that you don't know.
 */
export type ChatEvent =
  /**
   * The provider and the model that answer; before any content. `dropped` names what of the request was left out, lowered or
   * carried another way, because the provider has no word for it; absent when there was nothing.
   */
  | {
      type: 'start'
      provider: string
      model: string
      id?: string | undefined
      dropped?: readonly string[] | undefined
    }
  /** `signature` completes a piece of text; see {@link TextPart}. */
  | { type: 'text'; text: string; signature?: string | undefined }
  /** `signature` and `sealed` complete a piece of reasoning; see {@link ReasoningPart}. */
  | {
      type: 'reasoning'
      text: string
      signature?: string | undefined
      sealed?: string | undefined
      id?: string | undefined
    }
  | {
      type: 'tool-call'
      id: string
      name: string
      format?: 'json' | 'text' | undefined
      signature?: string | undefined
    }
  /** A fragment of the input of call `id`: join the fragments, then parse once. */
  | { type: 'tool-input'; id: string; text: string }
  /** Content that only `dialect` has a word for; see {@link NativePart}. */
  | { type: 'native'; dialect: Dialect; value: Readonly<Record<string, unknown>> }
  /** `from` failed mid-answer: discard everything so far; a new `start` follows. */
  | { type: 'restart'; from: string; reason: ErrorCode; message: string }
  /** `from` failed mid-answer: keep everything so far; a new `start` and the rest follow. */
  | { type: 'resume'; from: string; reason: ErrorCode; message: string }
  /** A frame as received, before the events decoded from it; only with the call option `raw`. */
  | { type: 'raw'; dialect: Dialect; label: FrameLabel; event?: string | undefined; data: string }
  /** Exactly one, last. `skipped` counts frames that could not be decoded; absent when there were none. */
  | { type: 'finish'; reason: FinishReason; usage?: Usage | undefined; skipped?: number | undefined }

/**
 * What a server may do with a frame for a client of the same dialect: pass it on (`'as-is'`); write its events instead, because
 * the decoder had to mend it (`'mended'`); pass it on if the client asked for usage (`'usage'`); hold it back until the `finish`
 * or more content follows, because it ends the answer (`'end'`).
 */
export type FrameLabel = 'as-is' | 'mended' | 'usage' | 'end'

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other'

/** Tokens, as the endpoint reported them or as they were estimated. The input includes the cached ones. Absent fields are unknown, never NaN. */
export interface Usage {
  /** The whole conversation, cached or not. */
  inputTokens: number
  /** The whole answer, reasoning included. */
  outputTokens: number
  /** The part of the input that was read from the provider's cache. */
  cachedTokens?: number | undefined
  /** The part of the input that was written to the provider's cache, for any time. */
  cacheWriteTokens?: number | undefined
  /** The part of {@link Usage.cacheWriteTokens} that the cache keeps for an hour, which may cost more. */
  cacheWrite1hTokens?: number | undefined
  /** The part of the output that was spent on reasoning. */
  reasoningTokens?: number | undefined
  /** What it cost in US dollars. */
  cost?: { usd: number; source: 'reported' | 'computed' } | undefined
  /** `'estimated'`: counted here, because the endpoint did not say. */
  source: 'reported' | 'estimated'
}

/** A complete answer, or the part of it that had arrived. */
export interface ChatResult {
  /** Id of the provider that answered: a member, if a group was asked. */
  provider: string
  /** The model that answered, as the endpoint names it. */
  model: string
  /** The endpoint's id of the answer; absent when it gives none. */
  id?: string | undefined
  /** What the model said, thought and called, in its order. */
  content: readonly AssistantPart[]
  /** All of the text in `content`. */
  text: string
  /** All of the reasoning in `content`; absent when there is none. */
  reasoning?: string | undefined
  /** The calls in `content`. */
  toolCalls: readonly ToolCallPart[]
  /** What of the request was left out, lowered or carried another way; absent when there was nothing. */
  dropped?: readonly string[] | undefined
  /** Why the answer ended; absent in a partial result. */
  reason?: FinishReason | undefined
  /** Absent when the endpoint did not report it. */
  usage?: Usage | undefined
  /** Frames that could not be decoded; absent when there were none. */
  skipped?: number | undefined
}
