import { seeded } from './random.ts'

/** The longest piece that a seed gives, in bytes. */
const MAX_PIECE_BYTES = 48

/**
 * Cuts bytes into pieces, at the given places or at places that follow from a seed. Deterministic. The pieces joined are
 * the bytes, and none is empty.
 *
 * @param cuts Places, 0 to the length in any order; or a seed.
 * @throws TypeError for a place outside the bytes.
 * @example
 * const bytes = new TextEncoder().encode('data: [DONE]')
 * splitBytes(bytes, [1, 5]) // three pieces
 * splitBytes(bytes, 42) // cut where this seed says
 */
export function splitBytes(bytes: Uint8Array, cuts: readonly number[] | number): Uint8Array[] {
  const places = typeof cuts === 'number' ? placesOf(bytes.length, cuts) : cuts.toSorted((a, b) => a - b)
  const pieces: Uint8Array[] = []
  let from = 0
  for (const place of [...places, bytes.length]) {
    if (!Number.isInteger(place) || place < 0 || place > bytes.length) {
      throw new TypeError(`splitBytes: a cut must be a whole number from 0 to ${bytes.length}, got ${place}.`)
    }
    if (place > from) pieces.push(bytes.subarray(from, place))
    from = place
  }
  return pieces
}

function placesOf(length: number, seed: number): number[] {
  const random = seeded(seed)
  const places: number[] = []
  for (let at = 0; at < length;) {
    at += 1 + Math.floor(random() ** 2 * MAX_PIECE_BYTES)
    if (at < length) places.push(at)
  }
  return places
}

/** One byte a piece. */
export const singleBytes = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))

export const bytesOf = (text: string): Uint8Array => Buffer.from(text)

/** One character for each byte, so that bytes can be searched and replaced as text and come out as they were. */
export const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

export const fromLatin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
