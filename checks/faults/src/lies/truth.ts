import type { ErrorCode } from '@rivulet/core'
import type { Delivery } from './ending.ts'
import type { Body } from './framing.ts'
import { codesOf, type Meant } from './meant.ts'
import { type Script, textUpTo } from './script.ts'

/** What a reader has to make of a delivery. */
export type Truth =
  /** The whole answer, as it was meant. */
  | { is: 'whole' }
  /** An error, with the text that had come: at least `least`, at most `most`. */
  | { is: 'error'; codes?: readonly ErrorCode[]; least: string; most: string }
  /** All has been said, and the end mark has not come: the whole answer, or an error. */
  | { is: 'either' }
  /** The body ends where an answer may end, so that the cut can't be told: an error, or an end after what had come. */
  | { is: 'open'; most: string }

/** Follows from what was meant, and from how much of it arrived. */
export function truthOf(
  meant: Meant,
  { script, body, delivery }: { script: Script; body: Body; delivery: Delivery },
): Truth {
  const { frames, wholeAt, markAt } = script
  const all = textUpTo(frames, frames.length)
  if (!delivery.isCut) {
    if (meant.failure === undefined) return { is: 'whole' }
    const codes = codesOf(meant.failure)
    return { is: 'error', ...(codes !== undefined && { codes }), least: all, most: all }
  }
  const { bytes, isReset } = delivery
  const { places } = body
  const known = places.filter((place) => place.known <= bytes).length
  const arrived = isReset ? known : places.filter(({ to }) => to <= bytes).length
  // Of the frame that is cut, a reader may have seen a part.
  const most = textUpTo(frames, places.filter(({ from }) => from < bytes).length)
  const least = textUpTo(frames, arrived)
  if (markAt !== undefined && arrived > markAt && meant.failure === undefined) return { is: 'whole' }
  if (wholeAt !== undefined && (places[wholeAt]?.to ?? Infinity) <= bytes) return { is: 'either' }
  const isInside =
    script.isBare !== true &&
    places.some(({ from, to }, at) => from < bytes && bytes < to && !isComment(frames[at]?.raw))
  if (script.endsFrom !== undefined && arrived > script.endsFrom && !isReset && !isInside) return { is: 'open', most }
  return { is: 'error', ...(meant.failure === undefined && { codes: cutCodes(least) }), least, most }
}

/** A comment as data says nothing: a cut inside of it is like one after it. */
const isComment = (raw: string | undefined): boolean => raw?.startsWith(':') === true

/** Before any content, what came may be no answer at all. */
const cutCodes = (text: string): readonly ErrorCode[] =>
  text === '' ? ['truncated', 'malformed', 'network'] : ['truncated']
