import type { Body } from './framing.ts'
import { ofWhole, type Slot, type Spelling } from './oddities.ts'

/** A body as the transport delivers it. */
export interface Delivery {
  contentType: string
  pieces: readonly Uint8Array[]
  /** How many bytes of the body arrive. */
  bytes: number
  /** The body breaks off after its last piece; else it ends cleanly. */
  isReset: boolean
  /** Not all of it arrives, or it breaks off. */
  isCut: boolean
  /** The caller asks for frames as they came, too. */
  isRaw: boolean
}

const hasBody = ({ failure }: { failure?: { kind: string } }): boolean => failure?.kind !== 'no-answer'

/** How an answer ends, in which pieces it comes, and how it is asked for. */
export const ENDING_SLOTS: readonly Slot[] = [
  {
    probability: 0.35,
    kinds: { 'cut-between-frames': hasBody, 'cut-inside-a-frame': hasBody, reset: hasBody, 'reset-after-all': ofWhole },
  },
  {
    probability: 0.5,
    kinds: { 'byte-by-byte': () => true, 'pieces-of-any-size': () => true, 'frame-by-frame': () => true },
  },
  { probability: 0.05, kinds: { raw: () => true } },
]

/** What the transport delivers of a body. */
export function deliver(body: Body, spelling: Spelling): Delivery {
  const { has } = spelling
  const bytes = cutAt(body, spelling)
  const isReset = has('reset') || has('reset-after-all')
  return {
    contentType: body.contentType,
    pieces: piecesOf(body, { bytes, spelling }),
    bytes,
    isReset,
    isCut: isReset || bytes < body.bytes.length,
    isRaw: has('raw'),
  }
}

function cutAt({ bytes, places }: Body, { has, roll }: Spelling): number {
  const cut = roll('cut')
  if (has('cut-between-frames')) {
    const at = cut.int(places.length)
    return at === 0 ? 0 : Math.min(places[at - 1]?.known ?? 0, bytes.length)
  }
  if (has('cut-inside-a-frame')) {
    const place = places[cut.int(places.length)]
    return place === undefined ? 0 : place.from + 1 + cut.int(Math.max(1, place.to - place.from - 1))
  }
  return has('reset') ? cut.int(bytes.length + 1) : bytes.length
}

function piecesOf(
  { bytes, places }: Body,
  { bytes: count, spelling }: { bytes: number; spelling: Spelling },
): Uint8Array[] {
  const { has, roll } = spelling
  const size = roll('pieces')
  const ends = has('frame-by-frame')
    ? places.map(({ known }) => Math.min(known, count))
    : has('byte-by-byte')
      ? Array.from({ length: count }, (_, at) => at + 1)
      : has('pieces-of-any-size')
        ? Array.from({ length: 12 }, () => size.int(count + 1)).sort((a, b) => a - b)
        : []
  let from = 0
  return [...ends, count].flatMap((to) => (to > from ? [bytes.subarray(from, (from = to))] : []))
}
