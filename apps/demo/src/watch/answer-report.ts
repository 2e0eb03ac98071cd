import type { AttemptReport, ErrorCode, Usage } from '@rivulet/core'

/** One attempt of an answer, as the page shows it. Times are milliseconds. */
export interface AttemptLine {
  provider: string
  /** `'skipped'`: its circuit is open, and nothing was sent. */
  outcome: AttemptReport['outcome'] | 'skipped'
  /** Of a failure. */
  code?: ErrorCode
  /** The HTTP status, if the endpoint responded with a failure. */
  status?: number
  message?: string
  startedMs: number
  firstTokenMs?: number
  totalMs: number
  /** How many pieces of content came before it failed. */
  pieces?: number
}

/** What is known of an answer, while it runs and afterwards. Plain JSON: the page keeps it with the conversation. */
export interface AnswerReport {
  id: string
  state: 'running' | 'finished' | 'failed' | 'stopped'
  /** The provider and the model of the last `start`; absent until then. */
  provider?: string
  model?: string
  /** The attempts that are over, in order. */
  attempts: AttemptLine[]
  /** From the question to the first content, from any provider. */
  firstTokenMs?: number
  totalMs?: number
  /** Of the attempt that answered, from its first content to its end. */
  tokensPerSecond?: number
  /** Of all attempts. */
  usage?: Usage
  /** In US dollars, at the prices that the providers list; absent where a price is unknown. */
  usd?: number
  error?: { code: string; message: string }
}

/** Something that the river shows as it happens. */
export type Moment =
  /** A provider failed: before its first content (`pieces` is 0) or in the middle. */
  | { kind: 'broke'; answer: string; from: string; code: ErrorCode; status?: number; pieces: number }
  /** Another provider answers instead: how long nothing came, and how much of the text comes again. */
  | { kind: 'switched'; answer: string; from: string; to: string; ms: number; pieces: number }
  /** A slow provider was overtaken by another one. `ms`: how long the slow one had been waited for. */
  | { kind: 'overtaken'; answer: string; from: string; to: string; ms: number }
  /** No provider is left. `attempts`: how many were asked. */
  | { kind: 'down'; answer: string; code: string; attempts: number }
