import type { Protocol } from '@rivulet/core'

/** The half of a dialect that reads. */
export type Reading = Required<Pick<Protocol, 'framing' | 'decode' | 'decodeError'>>

/**
 * A dialect in two halves: what writes a request is there at once; what reads the answer is loaded while the request is on
 * its way. A page that shows a chat needs the first to be ready, and no more.
 */
export function inHalves(encode: Protocol['encode'], load: () => Promise<Reading>): Protocol {
  let half: Reading | undefined
  const reading = (): Reading => {
    if (half === undefined) throw new TypeError('this dialect reads nothing yet: await its load() first.')
    return half
  }
  return {
    encode,
    load: async () => (half ??= await load()),
    framing: (contentType) => reading().framing(contentType),
    decode: (emit) => reading().decode(emit),
    decodeError: (status, body) => reading().decodeError(status, body),
  }
}
