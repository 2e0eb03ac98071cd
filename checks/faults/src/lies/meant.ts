import type { ErrorCode, FinishReason } from '@rivulet/core'
import type { Dice } from './dice.ts'
import { argumentsOf, type JsonObject, nameOf, wordsOf } from './content.ts'
import { type Report, REPORTS } from './reports.ts'

export interface MeantCall {
  /** Unique within the answer. */
  id: string
  name: string
  args: JsonObject
}

export interface MeantUsage {
  inputTokens: number
  outputTokens: number
  cachedTokens?: number
  reasoningTokens?: number
}

/**
 * What goes wrong in an answer that fails:
 *
 * - `reported`: the endpoint says that it failed, in place of an answer or after a part of it
 * - `reason`: the reason why the answer ended is a failure
 * - `broken-arguments`: the arguments of the last call are not JSON
 * - `lost-arguments`: arguments come for a call that never began
 * - `second-answer`: another answer begins in the middle of this one
 * - `differs`: what the dialect repeats is not what it said first
 * - `blocked-prompt`: the endpoint refuses the prompt in its answer
 * - `no-answer`: status 200, and what comes is not an answer
 */
type FailureKind =
  | 'reported'
  | 'reason'
  | 'broken-arguments'
  | 'lost-arguments'
  | 'second-answer'
  | 'differs'
  | 'blocked-prompt'
  | 'no-answer'

export interface Failure {
  kind: FailureKind
  /** How much of the content comes before it, 0 to 1. */
  after: number
  /** What an endpoint that reports its failure says. */
  report: Report
}

/** What a server means to say. Truth is made of this alone, however it is spelled. */
export interface Meant {
  /** In pieces, as an answer in one piece (`document`), or as a stream. */
  form: 'stream' | 'document'
  thoughts: readonly string[]
  texts: readonly string[]
  calls: readonly MeantCall[]
  /** A call that the end of the answer (`length`, `content-filter`) cut off. */
  cutCall?: MeantCall
  reason: FinishReason
  usage?: MeantUsage
  failure?: Failure
}

/** What a dialect has words for. */
export interface Range {
  reasons: readonly FinishReason[]
  failures: readonly FailureKind[]
  thoughts?: true
  calls?: true
  /** An answer that ends early may cut its last call. */
  cutCalls?: true
  documents?: true
  /** The body is the text: an answer of nothing is no answer, and a failure has no words. */
  isBare?: true
  usage?: readonly ('cachedTokens' | 'reasoningTokens')[]
}

/** Codes that a failure may be read as; absent: any. */
export function codesOf({ kind, report }: Failure): readonly ErrorCode[] | undefined {
  switch (kind) {
    case 'reported':
      return report.codes
    case 'reason':
      return ['overloaded', 'network', 'truncated', 'malformed']
    case 'broken-arguments':
    case 'lost-arguments':
    case 'second-answer':
      return ['malformed', 'truncated']
    case 'differs':
      return ['malformed']
    case 'blocked-prompt':
      return ['content-filter']
    case 'no-answer':
      return undefined
  }
}

const FAILS = 0.22
const NO_ANSWER = 0.12
const IS_DOCUMENT = 0.1

/** Draws what a server of this dialect means to say. */
export function meaning(range: Range, roll: Dice): Meant {
  const failure = roll.chance(FAILS) ? failing(range, roll) : undefined
  const needsCall = failure?.kind === 'broken-arguments' || failure?.kind === 'lost-arguments'
  const needsText = failure?.kind === 'differs' || failure?.kind === 'second-answer'
  const isEmpty = failure === undefined && range.isBare !== true && roll.chance(0.03)
  const some = (most: number): number[] => Array.from({ length: isEmpty ? 0 : roll.int(most + 1) }, (_, at) => at)
  const thoughts = range.thoughts === true && roll.chance(0.4) ? some(4).map(() => wordsOf(roll)) : []
  const texts = some(6).map(() => wordsOf(roll))
  const hasCalls = range.calls === true && (needsCall || roll.chance(0.45))
  const calls = hasCalls ? some(3).map((at) => callOf(at, roll)) : []
  if (needsCall && calls.length === 0) calls.push(callOf(0, roll))
  // An empty answer is drawn on purpose alone.
  const saysNothing = texts.length + calls.length + thoughts.length === 0
  if (needsText || (saysNothing && !isEmpty)) texts.push(wordsOf(roll), wordsOf(roll))
  // Bare text that is a page or an error document to the letter can't be told from one.
  if (range.isBare === true && /^\s*(?:<|\{"error":"no"\}\s*$)/.test(texts.join(''))) texts.unshift('so ')
  const reason = reasonOf(range, { hasCalls: calls.length > 0, isEmpty, roll })
  const endsEarly = reason === 'length' || reason === 'content-filter'
  const cutCall = range.cutCalls === true && endsEarly && failure === undefined && roll.chance(0.2)
  return {
    form: range.documents === true && failure === undefined && roll.chance(IS_DOCUMENT) ? 'document' : 'stream',
    thoughts,
    texts,
    calls,
    ...(cutCall && { cutCall: { ...callOf(0, roll), args: { path: wordsOf(roll) } } }),
    reason,
    ...(range.usage !== undefined && roll.chance(0.6) && { usage: usageOf(range.usage, roll) }),
    ...(failure !== undefined && { failure }),
  }
}

function failing({ failures }: Range, roll: Dice): Failure {
  const kind = failures.length === 0 || roll.chance(NO_ANSWER) ? 'no-answer' : roll.pick(failures)
  const isBefore = kind === 'no-answer' || kind === 'blocked-prompt' || (kind === 'reported' && roll.chance(0.3))
  return { kind, after: isBefore ? 0 : roll.float(), report: roll.pick(REPORTS) }
}

function reasonOf(
  { reasons }: Range,
  { hasCalls, isEmpty, roll }: { hasCalls: boolean; isEmpty: boolean; roll: Dice },
): FinishReason {
  if (hasCalls) return 'tool-calls'
  if (isEmpty || roll.chance(0.5)) return 'stop'
  return roll.pick(reasons)
}

const callOf = (at: number, roll: Dice): MeantCall => ({
  id: `call_${roll.int(1e9).toString(36)}${at}`,
  name: nameOf(roll),
  args: argumentsOf(roll),
})

function usageOf(fields: NonNullable<Range['usage']>, roll: Dice): MeantUsage {
  const inputTokens = 20 + roll.int(5000)
  const outputTokens = 20 + roll.int(5000)
  const usage: MeantUsage = { inputTokens, outputTokens }
  if (fields.includes('cachedTokens') && roll.chance(0.4)) usage.cachedTokens = 1 + roll.int(inputTokens - 1)
  if (fields.includes('reasoningTokens') && roll.chance(0.4)) usage.reasoningTokens = 1 + roll.int(outputTokens - 1)
  return usage
}
