import type { CompetitorCase } from './cases.ts'

/** What a competitor did. */
export interface Facts {
  /** `hangs`: not settled in time. */
  outcome: 'end' | 'error' | 'left' | 'hangs'
  text: string
  error?: string
  /** Rejections and exceptions that the caller could not catch. */
  unhandled: number
  /** The server saw the connection close while the process was alive. */
  closed: boolean
  bytesTaken: number
  /** Requests at the target of a redirect, and whether one contained the key. */
  elsewhere: number
  keyElsewhere: boolean
}

/** The verdicts. */
export type Verdict =
  | 'right'
  | 'quiet success'
  | 'wrong error'
  | 'wrong text'
  | 'hangs'
  | 'leaves the socket open'
  | 'takes all of it'
  | 'follows it'
  | 'follows it with the key'
  | 'crashes the process'

export function verdictOf(one: CompetitorCase, facts: Facts, text: string): Verdict {
  if (facts.outcome === 'hangs') return 'hangs'
  if (facts.unhandled > 0) return 'crashes the process'
  if (facts.elsewhere > 0) return facts.keyElsewhere ? 'follows it with the key' : 'follows it'
  if (one.boundBytes !== undefined && facts.bytesTaken > one.boundBytes) return 'takes all of it'
  if (one.expected === 'error' && facts.outcome !== 'error') return 'quiet success'
  if (one.expected === 'error' && one.words !== undefined && facts.error?.includes(one.words) !== true)
    return 'wrong error'
  if (one.expected === 'text' && facts.outcome !== 'end') return 'wrong error'
  if (one.expected === 'text' && facts.text !== text) return 'wrong text'
  if (one.closes === true && !facts.closed) return 'leaves the socket open'
  return 'right'
}
