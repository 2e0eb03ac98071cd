import { type Dialect, fit } from './oddities.ts'
import { judge, type Wrong } from './oracle.ts'
import type { Reader } from './play.ts'
import type { Reading } from './reading.ts'
import { type LyingStream, slotsOf, streamOf } from './stream.ts'

/** A stream that was read wrongly, with no more oddities than it takes. */
export interface Finding extends Wrong {
  dialect: string
  /** What fails in the answer, if it fails, and the oddities: the name of the finding. */
  kind: string
  seed: number
  stream: LyingStream
}

/** Reads a stream, and judges what the reader made of it. */
export async function check(stream: LyingStream, reader: Reader): Promise<Wrong | undefined> {
  const { meant, truth, idsAreGiven, delivery } = stream
  let reading: Reading
  try {
    reading = await reader(delivery)
  } catch (error) {
    return { harm: 'not a ChatError', expected: truth.is === 'whole' ? 'the whole answer' : 'a ChatError', got: String(error) }
  }
  return judge({ meant, truth, idsAreGiven }, reading)
}

/** Leaves out one oddity after the other while the stream is still read wrongly. */
export async function smallest(
  stream: LyingStream,
  { wrong, dialect, reader }: { wrong: Wrong; dialect: Dialect; reader: Reader },
): Promise<Finding> {
  let found = { stream, wrong }
  // A cut lies elsewhere when the bytes before it change: what could not be left out at first may be left out later.
  for (let before = 0; before !== found.stream.kinds.length; ) {
    before = found.stream.kinds.length
    for (const kind of found.stream.kinds) {
      const kinds = found.stream.kinds.filter((other) => other !== kind)
      if (!isSpellable(found.stream, { kinds, dialect })) continue
      const less = streamOf(stream.seed, dialect, kinds)
      const still = await check(less, reader)
      if (still !== undefined) found = { stream: less, wrong: still }
    }
  }
  return { ...found.wrong, dialect: dialect.id, kind: kindOf(found.stream, dialect), seed: stream.seed, stream: found.stream }
}

/** Some failures have no plain spelling: theirs is never left out. */
function isSpellable({ meant }: LyingStream, { kinds, dialect }: { kinds: readonly string[]; dialect: Dialect }): boolean {
  const slots = slotsOf(dialect)
  const isNeeded = slots.filter(({ always }) => always?.(meant) === true)
  return (
    fit(slots, meant, kinds) && isNeeded.every((slot) => kinds.some((kind) => Object.hasOwn(slot.kinds, kind)))
  )
}

/** The name of what is odd in a stream: the failure that is meant, and its oddities. */
export function kindOf({ meant: { failure, form, cutCall, texts }, kinds }: LyingStream, { range }: Dialect): string {
  const base = [
    ...(failure === undefined ? [] : [`fails: ${failure.kind}`]),
    ...(form === 'document' ? ['document'] : []),
    ...(cutCall === undefined ? [] : ['cut call']),
    ...(range.isBare === true && /^[\s\0-\x1f]*[{<]/.test(texts.join('')) ? ['text that begins like no answer'] : []),
  ]
  return [...base, ...[...kinds].sort()].join(' + ') || 'plain'
}

/** Whether the parts of one name are all among those of another; nothing is within what was read right when plain. */
export const isWithin = (parts: readonly string[], others: readonly string[]): boolean =>
  parts.every((part) => others.includes(part))
