import fc from 'fast-check'

/** A body in pieces, and its end. */
export interface Stream {
  contentType: string
  pieces: Uint8Array[]
  /** The body breaks off after its last piece. */
  breaks: boolean
}

/** The most bytes of a body, which also bounds its cost. */
const MAX_BYTES = 24 * 1024
/** Bytes that some framing or dialect treats specially. */
const TELLING = Buffer.from('\n\r:, {}[]"\\du0\u{feff}🌊e-.')

const CONTENT_TYPES = [
  'text/event-stream',
  'text/event-stream; charset=utf-8',
  'application/json',
  'application/x-ndjson',
  'text/plain',
  'text/html',
  '',
]

type Mutation =
  | { kind: 'flip'; at: number; byte: number }
  | { kind: 'cut'; from: number; to: number }
  | { kind: 'double'; from: number; to: number }
  | { kind: 'splice'; at: number; seed: number; from: number; to: number }
  | { kind: 'insert'; at: number; bytes: Uint8Array }

/** A place as a fraction of the length, so that it stays valid when the length changes. */
const place = fc.double({ min: 0, max: 1, noNaN: true })
const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...TELLING))

const mutationOf = (seeds: number): fc.Arbitrary<Mutation> =>
  fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: place, byte }),
    fc.record({ kind: fc.constant('cut' as const), from: place, to: place }),
    fc.record({ kind: fc.constant('double' as const), from: place, to: place }),
    fc.record({
      kind: fc.constant('splice' as const),
      at: place,
      seed: fc.integer({ min: 0, max: seeds - 1 }),
      from: place,
      to: place,
    }),
    fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ maxLength: 16 }) }),
  )

/** Random and mutated streams, cut at random places. */
export function streams(seeds: readonly Uint8Array[]): fc.Arbitrary<Stream> {
  const seeded = fc
    .record({
      seed: fc.integer({ min: 0, max: seeds.length - 1 }),
      mutations: fc.array(mutationOf(seeds.length), { maxLength: 6 }),
    })
    .map(({ seed, mutations }) => mutations.reduce((body, one) => mutated(body, one, seeds), seeds[seed] ?? NOTHING))
  const random = fc.uint8Array({ maxLength: 256 })
  return fc
    .record({
      contentType: fc.constantFrom(...CONTENT_TYPES),
      body: fc.oneof({ weight: 9, arbitrary: seeded }, { weight: 1, arbitrary: random }),
      cuts: fc.oneof(fc.array(place, { maxLength: 12 }), fc.constant('single' as const)),
      breaks: fc.boolean(),
    })
    .map(({ contentType, body, cuts, breaks }) => ({ contentType, pieces: pieces(body, cuts), breaks }))
}

const NOTHING = new Uint8Array(0)

function mutated(body: Uint8Array, mutation: Mutation, seeds: readonly Uint8Array[]): Uint8Array {
  const at = (part: number, of: Uint8Array = body): number => Math.floor(part * of.length)
  const range = (from: number, to: number, of: Uint8Array = body): Uint8Array =>
    of.subarray(Math.min(at(from, of), at(to, of)), Math.max(at(from, of), at(to, of)))
  const put = (where: number, what: Uint8Array): Uint8Array =>
    Buffer.concat([body.subarray(0, where), what, body.subarray(where)]).subarray(0, MAX_BYTES)
  switch (mutation.kind) {
    case 'flip': {
      const copy = body.slice()
      if (copy.length > 0) copy[Math.min(at(mutation.at), copy.length - 1)] = mutation.byte
      return copy
    }
    case 'cut': {
      const gone = range(mutation.from, mutation.to)
      const from = gone.byteOffset - body.byteOffset
      return Buffer.concat([body.subarray(0, from), body.subarray(from + gone.length)])
    }
    case 'double':
      return put(at(Math.max(mutation.from, mutation.to)), range(mutation.from, mutation.to))
    case 'splice':
      return put(at(mutation.at), range(mutation.from, mutation.to, seeds[mutation.seed] ?? NOTHING))
    case 'insert':
      return put(at(mutation.at), mutation.bytes)
  }
}

function pieces(body: Uint8Array, cuts: readonly number[] | 'single'): Uint8Array[] {
  if (cuts === 'single') return Array.from(body.subarray(0, 2_048), (_, index) => body.subarray(index, index + 1))
  const places = [...cuts.map((part) => Math.floor(part * body.length)), body.length].sort((a, b) => a - b)
  let from = 0
  return places.map((to) => body.subarray(from, (from = to))).filter(({ length }) => length > 0)
}
