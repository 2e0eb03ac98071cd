import type { Schema } from './source.ts'

/** What a request asks for besides words. Every field may be left out. */
export interface Wishes {
  /** Absent in dialects that have no list of tools: there the prompt alone decides. */
  readonly tools?: readonly ToolSpec[]
  /** @default 'auto' */
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly names: readonly string[] }
  /** @default true */
  readonly parallel?: boolean
  /** The answer is JSON that satisfies it; `{}` is any JSON object. */
  readonly json?: Schema
  /** Thoughts before the answer. @default false */
  readonly reasoning?: boolean
  readonly stop?: readonly string[]
  readonly maxTokens?: number
}

export interface ToolSpec {
  readonly name: string
  /** Of its arguments. */
  readonly schema: Schema
}
