/** The vocabulary: requests, and the events and results of answers. Types only; every value is plain JSON. */

import type { ErrorCode } from './error-codes.ts'

/** One turn of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage

export interface SystemMessage {
  role: 'system'
  content: string
  /** The conversation up to here will be sent again soon: keep it in the prompt cache of a provider where that is opt-in. */
  cache?: boolean | undefined
}

export interface UserMessage {
  role: 'user'
  content: string | readonly Part[]
  /** As in {@link SystemMessage}. */
  cache?: boolean | undefined
}

export interface AssistantMessage {
  role: 'assistant'
  content: string
  /** The calls that the model made in this turn. Each needs a {@link ToolMessage} with its id before the next turn. */
  toolCalls?: readonly ToolCall[] | undefined
  /** The model's reasoning before this answer: some providers require it back, unchanged, with the tool results. */
  thoughts?: readonly Thought[] | undefined
  /** Id of the provider that wrote this turn: what only that one understands (signatures) is sent to no other. */
  origin?: string | undefined
}

/** A piece of reasoning. */
export interface Thought {
  text: string
  /** The provider's signature over the text. */
  signature?: string | undefined
  /** Reasoning that the provider returns only in encrypted form. */
  sealed?: string | undefined
}

/** The result of a tool call. */
export interface ToolMessage {
  role: 'tool'
  /** The {@link ToolCall.id} of the call. */
  toolCallId: string
  content: string
  /** The tool failed, and `content` says why. */
  isError?: boolean | undefined
}

/** One part of a user's message. */
export type Part =
  | { type: 'text'; text: string }
  /** `url` is an `https:` address or a `data:` URL. */
  | { type: 'image'; url: string }
  /** A document: `url` as for an image. */
  | { type: 'file'; url: string; name?: string | undefined }

/** A function that the model may call. */
export interface Tool {
  name: string
  description?: string | undefined
  /** JSON Schema of the arguments. @default an object without properties */
  parameters?: Readonly<Record<string, unknown>> | undefined
}

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string }

/**
 * `'json'` asks for any JSON; an object asks for JSON that matches its schema. `strict: false` makes the schema a hint, for
 * endpoints that reject some forms of schema. @default `strict: true`
 */
export type ResponseFormat =
  | 'text'
  | 'json'
  | { name: string; schema: Readonly<Record<string, unknown>>; strict?: boolean | undefined }

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high'

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
  /** The most tokens that the answer may have. */
  maxTokens?: number | undefined
  /** The answer ends before the first of these strings. */
  stop?: readonly string[] | undefined
  seed?: number | undefined
  /** −2 to 2. */
  presencePenalty?: number | undefined
  /** −2 to 2. */
  frequencyPenalty?: number | undefined
  tools?: readonly Tool[] | undefined
  toolChoice?: ToolChoice | undefined
  responseFormat?: ResponseFormat | undefined
  reasoning?: ReasoningEffort | undefined
  /** Body fields that Rivulet has no name for, sent as they are and merged last. */
  extra?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The events of an answer, in order. A stream that does not throw ends with exactly one `finish`.
 * The union only grows: ignore types that you don't know.
 */
export type ChatEvent =
  /** The provider and the model that answer; before any content. */
  | { type: 'start'; provider: string; model: string; id?: string | undefined }
  | { type: 'text'; text: string }
  /** `signature` and `sealed` complete a thought; see {@link Thought}. */
  | { type: 'reasoning'; text: string; signature?: string | undefined; sealed?: string | undefined }
  | { type: 'tool-call'; id: string; name: string }
  /** A fragment of the arguments of call `id`: join the fragments, then parse once. */
  | { type: 'tool-input'; id: string; json: string }
  /** `from` failed mid-answer: discard everything so far; a new `start` follows. */
  | { type: 'restart'; from: string; reason: ErrorCode; message: string }
  /** `from` failed mid-answer: keep everything so far; a new `start` and the rest follow. */
  | { type: 'resume'; from: string; reason: ErrorCode; message: string }
  /** A frame as received, before the events decoded from it; only with the call option `raw`. */
  | { type: 'raw'; event?: string | undefined; data: string }
  /** Exactly one, last. `skipped` counts frames that could not be decoded; absent when there were none. */
  | { type: 'finish'; reason: FinishReason; usage?: Usage | undefined; skipped?: number | undefined }

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other'

/** Tokens, as the endpoint reported them or as they were estimated. Absent fields are unknown, never NaN. */
export interface Usage {
  inputTokens: number
  outputTokens: number
  /** The part of the input that was read from the provider's cache. */
  cachedTokens?: number | undefined
  /** The part of the output that was spent on reasoning. */
  reasoningTokens?: number | undefined
  source: 'reported' | 'estimated'
}

/** A tool call with its arguments joined. */
export interface ToolCall {
  id: string
  name: string
  /** The arguments as JSON text; `'{}'` when the model sent none. */
  json: string
}

/** A complete answer, or the part of it that had arrived. */
export interface ChatResult {
  provider: string
  model: string
  id?: string | undefined
  text: string
  /** The model's reasoning; absent when it gave none. */
  reasoning?: string | undefined
  /** The same in pieces, when the provider signs or seals them: send them back as {@link AssistantMessage.thoughts}. */
  thoughts?: readonly Thought[] | undefined
  toolCalls: readonly ToolCall[]
  /** Why the answer ended; absent in a partial result. */
  reason?: FinishReason | undefined
  usage?: Usage | undefined
  /** Frames that could not be decoded; absent when there were none. */
  skipped?: number | undefined
}
