/** In what endpoints of this dialect differ, as data: each provider states its own, with a date and a source. Types only. */

import type { ErrorCode, ReasoningEffort } from '@rivulet/core'

/**
 * In what an endpoint differs from chat completions as OpenAI has them. Every field may be left out.
 *
 * @example
 * // https://docs.acme.example/chat, 2026-11-20
 * chatCompletions({ includeUsage: true, schemas: 'none', thoughts: { origin: 'acme', as: 'reasoning_content' } })
 */
export interface ChatQuirks {
  /** @default '/chat/completions' */
  path?: string
  /** For endpoints that only stream: `stream: true` also when one piece is asked for. @default false */
  alwaysStream?: boolean
  /** Asks for the usage in a last chunk of the stream (`stream_options`). @default false */
  includeUsage?: boolean
  /** The field that bounds the answer. OpenAI's reasoning models refuse the older `max_tokens`. @default 'max_tokens' */
  maxTokens?: 'max_tokens' | 'max_completion_tokens'
  /** @default 'seed' */
  seed?: 'seed' | 'random_seed'
  /** The role of a system message. @default 'system' */
  systemRole?: 'system' | 'developer'
  /** The body fields of each effort. @default `{ reasoning_effort: effort }` */
  efforts?: Readonly<Record<ReasoningEffort, Readonly<Record<string, unknown>>>>
  /**
   * A response format with a schema: kept to exactly (`strict: true` unless the format says else), loosely (`strict` is
   * never sent), or not to be had, which is `unsupported`. @default 'strict'
   */
  schemas?: 'strict' | 'loose' | 'none'
  /**
   * A file of a user's: a `file` part, the same but of `data:` URLs only, a `document_url` part, or not to be had. What can't be had is
   * `unsupported`, so that a group asks its next member. @default 'file'
   */
  files?: 'file' | 'file-data' | 'document_url' | 'none'
  /** Thoughts go back to the endpoint that thought them. @default they are never sent */
  thoughts?: ThoughtQuirk
  /** Ids of tool calls are nine letters and digits; any other is replaced, the same by the same. @default false */
  shortToolIds?: boolean
  /** A last message of the assistant's is marked with `prefix: true`, and the answer goes on from it. @default false */
  prefix?: boolean
  /** A message's `cache` goes out as `cache_control` on a part of its content. @default false */
  cacheControl?: boolean
  /** What the endpoint's errors mean, where their status, names and words do not say it. First match wins. @default none */
  errors?: readonly ErrorQuirk[]
}

/** How an endpoint wants its thoughts back. */
export interface ThoughtQuirk {
  /** Id of the provider: the thoughts of turns that another wrote never go to it. */
  origin: string
  /** The field of the message; `'thinking'` is a part of its content. */
  as: 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'thinking'
  /** A turn that calls tools is refused without the field: it goes out empty where there is no thought. @default false */
  neededWithTools?: boolean
}

/** An error that means something else than it seems to. */
export interface ErrorQuirk {
  /** HTTP status; an error inside a success has none. @default any */
  status?: number
  /** Looked for in the body as JSON text: its names and its words. */
  pattern: RegExp
  code: ErrorCode
}
