const SHORT = /^[A-Za-z0-9]{9}$/

/**
 * The id of a tool call as nine letters and digits: unchanged if it already is, otherwise a hash of it, so that a call and
 * its result still match when the id came from another provider. Mistral refuses every other id.
 */
export const shortToolId = (id: string): string => (SHORT.test(id) ? id : hashOf(id))

/** The id of a tool call in at most so many characters: a longer one ends with a hash of it. */
export const cutToolId = (id: string, length: number): string =>
  id.length <= length ? id : `${id.slice(0, length - 10)}_${hashOf(id)}`

function hashOf(id: string): string {
  // A polynomial modulo 36^9: nine digits in base 36 are 46 bits.
  let hash = 1n
  for (let at = 0; at < id.length; at++) hash = (hash * 1_000_003n + BigInt(id.charCodeAt(at))) % 36n ** 9n
  return hash.toString(36).padStart(9, '0')
}
