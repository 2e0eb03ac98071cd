/** The vocabulary: what is asked, and what an answer is made of. Types only, plain JSON in and out. */

import type { ErrorCode } from './error-codes.ts'

/** One turn of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage

export interface SystemMessage {
  role: 'system'
  content: string
  /** What stands up to here is asked for again soon: worth keeping in the provider's prompt cache, where that is asked. */
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
  /** What the model asked for in this turn. Each needs a {@link ToolMessage} with its id before the next turn. */
  toolCalls?: readonly ToolCall[] | undefined
  /** What it thought before it answered: some providers want it back, unchanged, with the tools' results. */
  thoughts?: readonly Thought[] | undefined
  /** Id of the provider that wrote this turn: what only that one understands (signatures) goes to no other. */
  origin?: string | undefined
}

/** A piece of reasoning. */
export interface Thought {
  text: string
  /** The provider's proof that the text is its own. */
  signature?: string | undefined
  /** A thought that the provider gives only in sealed form. */
  sealed?: string | undefined
}

/** What a tool answered. */
export interface ToolMessage {
  role: 'tool'
  /** The {@link ToolCall.id} that this answers. */
  toolCallId: string
  content: string
  /** The tool failed, and `content` says how. */
  isError?: boolean | undefined
}

/** A piece of a user's turn. */
export type Part =
  | { type: 'text'; text: string }
  /** `url` is an `https:` address or a `data:` URL. */
  | { type: 'image'; url: string }
  /** A document: `url` as for an image. */
  | { type: 'file'; url: string; name?: string | undefined }

/** A function that the model may ask for. */
export interface Tool {
  name: string
  description?: string | undefined
  /** JSON Schema of the arguments. @default an object without properties */
  parameters?: Readonly<Record<string, unknown>> | undefined
}

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string }

/**
 * `'json'` asks for any JSON; an object asks for JSON of that schema. `strict: false` asks an endpoint that would refuse a
 * schema for its form to take it as a hint. @default `strict: true`
 */
export type ResponseFormat =
  | 'text'
  | 'json'
  | { name: string; schema: Readonly<Record<string, unknown>>; strict?: boolean | undefined }

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high'

/** What is asked of a model. Never mutated; equal requests encode to equal bytes. */
export interface ChatRequest {
  /** The name that the provider knows the model by. */
  model: string
  /** Oldest first; at least one. */
  messages: readonly Message[]
  /** `false` asks the endpoint for its answer in one piece; the events are the same. @default true */
  stream?: boolean | undefined
  /** 0 (the likeliest token) to about 2 (wild). @default the provider's */
  temperature?: number | undefined
  /** Only the likeliest tokens whose probabilities sum to this, 0 to 1. */
  topP?: number | undefined
  /** The longest answer wanted, in tokens. */
  maxTokens?: number | undefined
  /** The answer ends before any of these. */
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
  /** Body fields sent as they are, merged last: what Rivulet has no name for. */
  extra?: Readonly<Record<string, unknown>> | undefined
}

/**
 * What happens in an answer, in order. A stream that does not throw ends with exactly one `finish`.
 * The union only grows: ignore types that you don't know.
 */
export type ChatEvent =
  /** Who answers; before any content. */
  | { type: 'start'; provider: string; model: string; id?: string | undefined }
  | { type: 'text'; text: string }
  /** `signature` and `sealed` end a thought; see {@link Thought}. */
  | { type: 'reasoning'; text: string; signature?: string | undefined; sealed?: string | undefined }
  | { type: 'tool-call'; id: string; name: string }
  /** A fragment of the arguments of call `id`: join the fragments, then parse once. */
  | { type: 'tool-input'; id: string; json: string }
  /** `from` broke: all before is void, a new `start` follows. */
  | { type: 'restart'; from: string; reason: ErrorCode; message: string }
  /** `from` broke: what came stands, a new `start` follows. */
  | { type: 'resume'; from: string; reason: ErrorCode; message: string }
  /** A frame as it came, before what was read out of it; only when the call asks for `raw`. */
  | { type: 'raw'; event?: string | undefined; data: string }
  /** Exactly one, last. `skipped` counts frames that could not be read; absent when there were none. */
  | { type: 'finish'; reason: FinishReason; usage?: Usage | undefined; skipped?: number | undefined }

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other'

/** Tokens, as the endpoint reported them or as they were estimated. Absent fields are unknown, never NaN. */
export interface Usage {
  inputTokens: number
  outputTokens: number
  /** Of the input, those read from the provider's cache. */
  cachedTokens?: number | undefined
  /** Of the output, those spent on reasoning. */
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

/** A whole answer, or what of it had arrived. */
export interface ChatResult {
  provider: string
  model: string
  id?: string | undefined
  text: string
  /** What the model thought aloud; absent when it did not. */
  reasoning?: string | undefined
  /** The same in its pieces, when a provider signs or seals them: they go back with {@link AssistantMessage.thoughts}. */
  thoughts?: readonly Thought[] | undefined
  toolCalls: readonly ToolCall[]
  /** Why the answer ended; absent in a partial result. */
  reason?: FinishReason | undefined
  usage?: Usage | undefined
  /** Frames that could not be read; absent when there were none. */
  skipped?: number | undefined
}
