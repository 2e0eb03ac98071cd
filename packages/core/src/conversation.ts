/** Conversations: messages, their parts, and tools. Types only; every value is plain JSON. */

/** One turn of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage

/**
 * The wire dialect of an endpoint, or of a client of a server. Only that dialect has a word for a {@link NativePart} or a
 * {@link NativeTool}.
 */
export type Dialect = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini' | (string & {})

/**
 * The conversation up to here will be sent again soon: keep it in the prompt cache of a provider where that is opt-in, for the
 * time that is given; `true` is as long as the provider keeps it by default.
 */
export type CacheMark = true | '5m' | '1h'

export interface SystemMessage {
  role: 'system'
  /** Instructions for the model. */
  content: string
  /** The conversation up to here will be sent again soon. @default none */
  cache?: CacheMark | undefined
}

export interface UserMessage {
  role: 'user'
  /** A text, or texts, images and files in their order. */
  content: string | readonly UserPart[]
  /** The same as the mark on its last part. */
  cache?: CacheMark | undefined
}

export interface AssistantMessage {
  role: 'assistant'
  /** What the model said, thought and called, in its order. Each call needs a {@link ToolMessage} with its id before the next turn. */
  content: string | readonly AssistantPart[]
  /** Who wrote this turn: what only that model understands, such as a signature, is sent to no other. */
  origin?: Origin | undefined
}

/** The result of a tool call. */
export interface ToolMessage {
  role: 'tool'
  /** The {@link ToolCallPart.id} of the call. */
  toolCallId: string
  /** What the tool gave: a text, or texts, images and files in their order. */
  content: string | readonly ToolPart[]
  /** The tool failed, and `content` says why. */
  isError?: boolean | undefined
  /** The same as the mark on its last part. */
  cache?: CacheMark | undefined
}

/** The author of a turn, as in the `start` of its answer. */
export interface Origin {
  /** The provider's id. */
  provider: string
  /** The model's name, as the answer's `start` gives it. */
  model: string
}

export type UserPart = TextPart | ImagePart | FilePart | NativePart
export type AssistantPart = TextPart | ReasoningPart | ToolCallPart | NativePart
export type ToolPart = TextPart | ImagePart | FilePart | NativePart
/** A part of any message. */
export type Part = UserPart | AssistantPart | ToolPart

export interface TextPart {
  type: 'text'
  /** Not empty, in most dialects. */
  text: string
  /** The conversation up to here will be sent again soon. @default none */
  cache?: CacheMark | undefined
  /** The provider's signature over the thinking that led to this text. */
  signature?: string | undefined
}

export interface ImagePart {
  type: 'image'
  /** An `https:` address or a `data:` URL. */
  url: string
  /** The conversation up to here will be sent again soon. @default none */
  cache?: CacheMark | undefined
}

/** A document. */
export interface FilePart {
  type: 'file'
  /** As for an image. */
  url: string
  /** The file's name, which some models read. @default none */
  name?: string | undefined
  /** The conversation up to here will be sent again soon. @default none */
  cache?: CacheMark | undefined
}

/** A piece of reasoning. Some providers require it back, unchanged, with the results of the calls that follow it. */
export interface ReasoningPart {
  type: 'reasoning'
  /** What the model thought, or a summary of it; `''` when only `sealed` is known. */
  text: string
  /** The provider's signature over the text. */
  signature?: string | undefined
  /** Reasoning that the provider returns only in encrypted form. */
  sealed?: string | undefined
  /** The provider's id of this piece, which its seal is bound to. */
  id?: string | undefined
}

/** A call of a tool. */
export interface ToolCallPart {
  type: 'tool-call'
  /** The result of the call names it: {@link ToolMessage.toolCallId}. */
  id: string
  /** The tool's name. */
  name: string
  /** The arguments: JSON text, `'{}'` when the model sent none; or any text, when the format is `'text'`. */
  input: string
  /** `'text'` for a call of a {@link TextTool}. @default 'json' */
  format?: 'json' | 'text' | undefined
  /** The provider's signature over the thinking that led to this call. */
  signature?: string | undefined
}

/** Content that only one dialect has a word for: it is sent there as it is, and left out and named elsewhere. */
export interface NativePart {
  type: 'native'
  /** The only dialect that it is sent in. */
  dialect: Dialect
  /** The part as that dialect writes it. */
  value: Readonly<Record<string, unknown>>
}

/** A tool that the model may call. One without a `type` is a function. */
export type Tool = FunctionTool | TextTool | NativeTool

/** A tool whose input is a JSON object. */
export interface FunctionTool {
  type?: 'function' | undefined
  /** Letters, digits, `_` and `-`, at most 64, in most dialects. */
  name: string
  /** What it does and when to call it, for the model. */
  description?: string | undefined
  /** JSON Schema of the arguments. @default an object without properties */
  parameters?: Readonly<Record<string, unknown>> | undefined
  /** The arguments must match the schema exactly, where the provider can enforce that. @default the provider's */
  strict?: boolean | undefined
  /** The tools up to here are the same in the next request. */
  cache?: CacheMark | undefined
}

/** A tool whose input is a text, such as a patch or a query. */
export interface TextTool {
  type: 'text'
  /** Letters, digits, `_` and `-`, at most 64, in most dialects. */
  name: string
  /** What it does and when to call it, for the model. */
  description?: string | undefined
  /** What the text must match, where the provider can enforce that. @default any text */
  grammar?: { syntax: 'lark' | 'regex'; definition: string } | undefined
  /** The tools up to here are the same in the next request. */
  cache?: CacheMark | undefined
}

/** A tool of the provider's own, such as its web search, as its dialect writes it. */
export interface NativeTool {
  type: 'native'
  /** The only dialect that it is sent in. */
  dialect: Dialect
  /** The tool as that dialect writes it. */
  value: Readonly<Record<string, unknown>>
}
