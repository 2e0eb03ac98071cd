import { ChatError } from '@rivulet/core'

/** What is known of an answer that broke and was to be continued. */
interface Broken {
  failure: ChatError
  /** Of the request alone. */
  whyNever: string | undefined
  /** Another member may be asked after such a failure. */
  movesOn: boolean
  isText: boolean
  /** The answer as a turn; `undefined` where it can't be joined to the one that the caller began. */
  turn: string | undefined
  /** How many of the members that are left continue a turn. */
  able: number
}

/** The failure of an answer, which says why no other member continues it. */
export function notContinued(broken: Broken): ChatError {
  const { failure } = broken
  const { code, message, provider, status, retryAfterMs, attempts, partial } = failure
  const why = ` Not continued: ${whyNot(broken)}.`
  // A nested group may have said so.
  const words = message.endsWith(why) ? message : message.replace(/\.?$/, '.') + why
  return new ChatError(code, words, { provider, status, retryAfterMs, attempts, partial, cause: failure })
}

function whyNot({ failure, whyNever, movesOn, isText, turn, able }: Broken): string {
  if (whyNever !== undefined) return whyNever
  if (!movesOn) return `after ${failure.code}, no other member is asked`
  if (!isText) return 'the answer is more than text'
  if (turn === undefined) return 'the answer is too short to be joined to the turn that the request begins'
  if (able === 0) return 'no other member continues a turn of this model (info.prefill)'
  return 'no attempt or no time is left'
}
