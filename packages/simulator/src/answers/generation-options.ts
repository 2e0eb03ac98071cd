import type { Schema } from './json-schema.ts'

/** The options of a request that change its answer. */
export interface GenerationOptions {
  /** Absent in dialects without a tool list: there the prompt alone decides. */
  readonly tools?: readonly ToolSpec[]
  /** @default 'auto' */
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly names: readonly string[] }
  /** @default true */
  readonly parallel?: boolean
  /** The answer must be JSON that satisfies this schema; `{}` accepts any JSON object. */
  readonly json?: Schema
  /** Reasoning before the answer. @default false */
  readonly reasoning?: boolean
  readonly stop?: readonly string[]
  readonly maxTokens?: number
}

export interface ToolSpec {
  readonly name: string
  /** The schema of its arguments. */
  readonly schema: Schema
  /** Its input is any text. @default false */
  readonly isText?: boolean
}
