import { ChatError } from '../errors.ts'

/** A vector as an endpoint sent it. */
export interface ReceivedVector {
  vector: unknown
  /** Its place among the inputs, if the endpoint says it. @default its place among the vectors */
  index?: unknown
}

/**
 * The vectors of `embed()` in the order of its inputs. A vector that is missing or in another's place would be stored for
 * another text, unnoticed.
 *
 * @param inputs How many texts were embedded. @default as many as there are vectors
 * @throws ChatError `malformed` unless there is one vector for each input, and each is a list of numbers.
 * @example
 * vectorsOf([{ index: 1, vector: [0, 1] }, { index: 0, vector: [1, 0] }], 2) // [[1, 0], [0, 1]]
 */
export function vectorsOf(received: readonly ReceivedVector[], inputs = received.length): number[][] {
  if (received.length !== inputs) {
    throw new ChatError('malformed', `the endpoint sent ${received.length} vectors for ${inputs} inputs`)
  }
  const vectors: number[][] = []
  const given = new Set<number>()
  for (const [position, entry] of received.entries()) {
    const { vector, index } = entry
    const place = index ?? position
    if (!isPlace(place, inputs)) throw new ChatError('malformed', 'the index of a vector is none of an input')
    if (given.has(place)) throw new ChatError('malformed', `the endpoint sent two vectors for input ${place}`)
    if (!isVector(vector)) throw new ChatError('malformed', `the vector for input ${place} is not a list of numbers`)
    given.add(place)
    vectors[place] = vector
  }
  return vectors
}

const isPlace = (index: unknown, inputs: number): index is number =>
  typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < inputs

/** `1e999` is JSON, and infinite. */
const isVector = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((number) => Number.isFinite(number))
