import type { Dialect } from './oddities.ts'
import { judge, type Wrong } from './oracle.ts'
import type { Reader } from './play.ts'
import type { Reading } from './reading.ts'
import { isSpellable, type LyingStream, odditiesOf, streamOf } from './stream.ts'

/** A stream that was read wrongly, reduced to the oddities that it takes. */
export interface Finding extends Wrong {
  dialect: string
  /** The name of the finding: what fails in the answer, if anything does, and the oddities. */
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
    return {
      harm: 'not a ChatError',
      expected: truth.is === 'whole' ? 'the whole answer' : 'a ChatError',
      got: String(error),
    }
  }
  return judge({ meant, truth, idsAreGiven }, reading)
}

interface Reducing {
  wrong: Wrong
  dialect: Dialect
  reader: Reader
  /** What has been found of this dialect before: most streams are wrong in a way that is known. */
  known: readonly Finding[]
}

/** Leaves out oddities while the stream is still read wrongly. */
export async function smallest(stream: LyingStream, { wrong, dialect, reader, known }: Reducing): Promise<Finding> {
  let found = { stream, wrong }
  const keep = async (kinds: readonly string[]): Promise<boolean> => {
    if (kinds.length >= found.stream.kinds.length || !isSpellable(stream.meant, { kinds, dialect })) return false
    const less = streamOf(stream.seed, dialect, kinds)
    const still = await check(less, reader)
    if (still === undefined) return false
    found = { stream: less, wrong: still }
    return true
  }
  const { byKind } = odditiesOf(dialect)
  for (const { stream: before } of known) {
    if (!isWithin(before.kinds, stream.kinds)) continue
    const isPart = (kind: string): boolean => before.kinds.includes(kind) || byKind.get(kind)?.slot.always !== undefined
    if (await keep(stream.kinds.filter(isPart))) break
  }
  // A cut falls elsewhere when the bytes before it change: an oddity that was needed at first may not be needed later.
  for (let before = -1; before !== found.stream.kinds.length;) {
    before = found.stream.kinds.length
    for (const kind of found.stream.kinds) await keep(found.stream.kinds.filter((other) => other !== kind))
  }
  return {
    ...found.wrong,
    dialect: dialect.id,
    kind: kindOf(found.stream, dialect),
    seed: stream.seed,
    stream: found.stream,
  }
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

/** Whether the parts of one name are all among those of another. */
export const isWithin = (parts: readonly string[], others: readonly string[]): boolean =>
  parts.every((part) => others.includes(part))
