/** How endpoints of this dialect differ, as data: each provider states its own, with a date and a source. Types only. */

import type { ErrorCode, ReasoningEffort } from '@rivulet/core'
import type { AdaptedSchema } from '@rivulet/core/provider'

/**
 * How an endpoint differs from OpenAI's chat completions. Every field is optional.
 *
 * @example
 * // https://docs.acme.example/chat, 2026-11-20
 * chatCompletions({ includeUsage: true, schemas: 'none', thoughts: { origin: 'acme', as: 'reasoning_content' } })
 */
export interface ChatQuirks {
  /** @default '/chat/completions' */
  path?: string | undefined
  /** For endpoints that only stream: sends `stream: true` even for a request in one piece. @default false */
  alwaysStream?: boolean | undefined
  /** Requests the usage in a last chunk of the stream (`stream_options`). @default false */
  includeUsage?: boolean | undefined
  /** The field that limits the answer. OpenAI's reasoning models refuse the older `max_tokens`. @default 'max_tokens' */
  maxTokens?: 'max_tokens' | 'max_completion_tokens' | undefined
  /** The most stop strings that the endpoint takes; more throw `unsupported`. @default any number */
  maxStops?: number | undefined
  /** @default 'seed' */
  seed?: 'seed' | 'random_seed' | undefined
  /** The role of a system message. @default 'system' */
  systemRole?: 'system' | 'developer' | undefined
  /** `'one'` joins system messages that follow one another: some chat templates take one. @default 'each' */
  systemMessages?: 'each' | 'one' | undefined
  /**
   * The body fields of each effort that the endpoint knows. Another is sent as the nearest one.
   * @default `{ reasoning_effort: effort }` for every effort
   */
  efforts?: Readonly<Partial<Record<ReasoningEffort, Readonly<Record<string, unknown>>>>> | undefined
  /** The efforts that a model knows, where they differ between models. @default every effort that the endpoint knows */
  effortsOf?: ((model: string) => readonly ReasoningEffort[] | undefined) | undefined
  /** The endpoint takes `top_k`. @default false: it is left out */
  topK?: boolean | undefined
  /** The endpoint has tools of text (`type: 'custom'`). @default false: they are sent as functions */
  customTools?: boolean | undefined
  /**
   * What a message may have: parts, or a text alone. Then texts are joined, and fields of a turn that another endpoint of this
   * dialect has given are left out; `imageTypes: []` and `files: 'none'` go with it. @default 'parts'
   */
  content?: 'parts' | 'text' | undefined
  /**
   * What a tool's result may have: a text alone, or parts as a user's turn has. Where it is a text, images and files go into
   * a user's turn after the results. @default 'text'
   */
  toolResults?: 'text' | 'parts' | undefined
  /**
   * How a response format with a schema is enforced: exactly (`strict: true` unless the format says otherwise), loosely
   * (`strict` is never sent, of tools either), or not at all: then a schema that is a hint (`strict: false`) is sent as any
   * JSON, and another throws `unsupported`. @default 'strict'
   */
  schemas?: 'strict' | 'loose' | 'none' | undefined
  /**
   * A strict schema as the endpoint takes it, and the keywords that were left out for that. A strict answer whose schema loses
   * any throws `unsupported`; a strict tool is then sent without `strict`, which is named. @default as it is
   * @example (schema) => adaptSchema(schema, OPENAI_STRICT)
   */
  strictSchema?: ((schema: Readonly<Record<string, unknown>>) => AdaptedSchema) | undefined
  /**
   * How a user's file is sent: as a `file` part, as a `file` part of a `data:` URL only, as a `document_url` part, or not at
   * all. A file that can't be sent throws `unsupported`, so that a group asks its next member. @default 'file'
   */
  files?: 'file' | 'file-data' | 'document_url' | 'none' | undefined
  /** Media types of the images that the endpoint takes, none of them or some; any other throws `unsupported`. @default all */
  imageTypes?: readonly string[] | undefined
  /** The same for files. @default all */
  fileTypes?: readonly string[] | undefined
  /** What is sent of a turn in which an assistant said nothing: some endpoints refuse it. @default 'sent' */
  emptyTurns?: 'sent' | 'left-out' | undefined
  /**
   * What is sent where a user's turn follows the result of a tool, as after an interruption: some endpoints refuse it. Then
   * an answer of one ellipsis is sent between them. @default 'as-is'
   */
  userAfterTool?: 'as-is' | 'answered' | undefined
  /** How thoughts go back to the endpoint that produced them. @default they are never sent */
  thoughts?: ThoughtQuirk | undefined
  /** Ids of tool calls must be nine letters and digits; any other id is replaced, consistently. @default false */
  shortToolIds?: boolean | undefined
  /** The most characters of a tool call's id; a longer one is replaced, consistently. @default any */
  maxToolIdLength?: number | undefined
  /** The answer continues a last assistant message; `true` is `{ as: 'prefix' }`. @default false */
  prefix?: boolean | PrefixQuirk | undefined
  /** Sends the marks for the cache as `cache_control`, on parts and tools, at most the last four. @default false */
  cacheControl?: boolean | undefined
  /** Codes of the endpoint's errors, where status, names and words do not say it. The first match wins. @default none */
  errors?: readonly ErrorQuirk[] | undefined
}

/** How an endpoint expects its thoughts back. */
export interface ThoughtQuirk {
  /** Id of the provider: thoughts from turns of another one, or of another model, are never sent. */
  origin: string
  /** The field of the message; `'thinking'` is a part of its content. */
  as: 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'thinking'
  /** The endpoint refuses a turn that calls tools without the field: it is sent empty when there is no thought. @default false */
  neededWithTools?: boolean | undefined
}

/** How a request says that its last message, an assistant's, is to be continued. */
export interface PrefixQuirk {
  /**
   * `prefix: true` in the message, `continue_final_message: true` beside the messages (with `add_generation_prompt: false`), or
   * nothing, where every such message is continued.
   */
  as: 'prefix' | 'continue_final_message' | 'unmarked'
  /** The path of such a request. @default that of any other */
  path?: string | undefined
  /** The efforts at which the endpoint can; `'default'` for a request that names none. @default every effort */
  efforts?: readonly (ReasoningEffort | 'default')[] | undefined
}

/** An error whose meaning differs from what its status, names and words suggest. */
export interface ErrorQuirk {
  /** HTTP status; an error inside an answer has none. @default any */
  status?: number | undefined
  /** Matched against the body as JSON text, names and words. */
  pattern: RegExp
  /** What it means. */
  code: ErrorCode
}
