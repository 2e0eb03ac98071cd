import assert from 'node:assert/strict'
import { askAndRead } from '../ask.ts'
import { latin1 } from '../bytes.ts'
import { type AnswerFixture, answersOf } from '../fixtures.ts'
import { type BodyFraming, headOf, pieceOf, writing } from '../http-bytes.ts'
import { inParallel } from '../in-parallel.ts'
import type { Law } from '../law.ts'
import { chatErrorOf, type Reading, resultOf } from '../reading.ts'

/** At how many places an answer is broken off; a shorter one is broken off at every byte. */
const PLACES = { thorough: 256, sample: 24 }
/** At the last bytes an end is easily mistaken: every one of them is tried. */
const LAST_PLACES = { thorough: 64, sample: 12 }

interface Way {
  name: string
  framing: BodyFraming
  end: 'fin' | 'reset'
}

const WAYS: readonly Way[] = [
  { name: 'the connection closes', framing: 'close', end: 'fin' },
  { name: 'the connection is reset', framing: 'chunked', end: 'reset' },
  { name: 'the body is shorter than its content-length', framing: 'length', end: 'fin' },
  { name: 'the last chunk is missing', framing: 'chunked', end: 'fin' },
]

const applies = ({ framing }: Way, { endMark }: AnswerFixture): boolean => framing !== 'close' || endMark !== false

/** A sample shares its places among the ways: a decoder cannot see how a body broke off, nor a transport what had come. */
const SHARED_BY = { thorough: 1, sample: WAYS.length }

function placesOf(length: number, way: Way, amount: keyof typeof PLACES): Set<number> {
  const places = new Set([0])
  const step = Math.max(1, length / PLACES[amount])
  const first = step * (WAYS.indexOf(way) % SHARED_BY[amount])
  for (let at = first; at < length; at += step * SHARED_BY[amount]) places.add(Math.floor(at))
  for (let at = Math.max(0, length - LAST_PLACES[amount]); at < length; at++) places.add(at)
  return places
}

/** A broken answer is an error, unless it is whole: its end mark had arrived, and only the end of the body was lost. */
function judge(answer: AnswerFixture, came: Uint8Array, way: Way, read: Reading, what: string): void {
  const { endMark } = answer
  const isMarked = typeof endMark === 'string' ? latin1(came).includes(endMark) : endMark
  const result = resultOf(read.events)
  if (isMarked && read.failure === undefined) {
    assert.equal(result.text, answer.text ?? '', `${what}: a short answer ended as a success`)
    assert.equal(result.reasoning, answer.reasoning, `${what}: the reasoning is short`)
    assert.deepEqual(result.toolCalls, answer.toolCalls ?? [], `${what}: the tool calls are short`)
    return
  }
  const error = chatErrorOf(read, what)
  // A body that ends cleanly may be no answer at all (malformed); one that breaks off is always truncated.
  const codes = way.framing === 'close' ? ['truncated', 'malformed'] : ['truncated']
  assert.ok(codes.includes(error.code), `${what}: expected truncated, got ${error.code}: ${error.message}`)
  const { partial } = error
  assert.equal(partial?.text ?? '', result.text, `${what}: error.partial is not what was delivered`)
}

function law(way: Way): Law {
  return {
    name: `an answer that breaks off is never a short success: ${way.name}`,
    rows: [6],
    exempts: (subject) =>
      answersOf(subject).some((answer) => applies(way, answer))
        ? undefined
        : 'its answers end where their body ends, and a closed connection ends a body',
    async run(context) {
      let count = 0
      for (const { name, request, ...answer } of answersOf(context.subject)) {
        if (!applies(way, answer)) continue
        await inParallel(placesOf(answer.body.length, way, context.thorough ? 'thorough' : 'sample'), async (place) => {
          const came = answer.body.subarray(0, place)
          const what = `${name}, broken off at byte ${place} of ${answer.body.length}`
          const wire = [headOf(answer, way.framing), pieceOf(came, way.framing)].filter(({ length }) => length > 0)
          judge(answer, came, way, await askAndRead(context, what, writing(wire, way.end), { request }), what)
          count++
        })
      }
      return `${count} broken answers, none a success`
    },
  }
}

export const truncation: readonly Law[] = WAYS.map(law)
