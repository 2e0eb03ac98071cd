import type { AnswerFixture } from '../fixtures.ts'
import type { Variants } from '../variants.ts'
import {
  answersLike,
  bodyOf,
  CALLS,
  documentsLike,
  LATE_WORDS,
  listIn,
  type Message,
  messagesOf,
  named,
  OTHER_WORDS,
} from './messages.ts'

const STOP = '"finishReason":"STOP"'
const NO_REASONS = { 'an empty reason': '', 'an unspecified reason': 'FINISH_REASON_UNSPECIFIED', 'no reason': null }
const NO_REPEAT = 'its dialect does not repeat what its pieces said'

const part = (of: Message, reason?: string): Message => ({
  candidates: [
    { content: { parts: [of], role: 'model' }, index: 0, ...(reason !== undefined && { finishReason: reason }) },
  ],
})
const withCandidates = (message: Message, change: (candidate: Message) => readonly Message[]): Message => ({
  ...message,
  candidates: listIn(message, 'candidates').flatMap(change),
})
const hasReason = (candidate: Message): boolean => typeof candidate.finishReason === 'string'
const second = (candidate: Message): Message => ({
  ...candidate,
  index: 1,
  content: { parts: [{ text: OTHER_WORDS }], role: 'model' },
})

/**
 * Variants of an answer in Gemini's dialect, made from its event stream and its document.
 *
 * @example
 * const whole = { ...fixture('text.sse'), text: 'Hello!', endMark: true }
 * const onePiece = { ...fixture('document.json'), text: 'Hello!', endMark: true }
 * const answers = { text: whole, onePiece, ...geminiVariants(whole, onePiece) }
 */
export function geminiVariants(
  text: AnswerFixture,
  onePiece?: AnswerFixture,
): Variants & { onePieceVariants?: Variants } {
  const messages = messagesOf(text)
  const answer = answersLike(text, STOP)
  const all = (change: (candidate: Message) => readonly Message[]): Message[] =>
    messages.map((message) => withCandidates(message, change))
  const withReason = (reason: string | null): Message[] =>
    all((candidate) => [hasReason(candidate) ? candidate : { ...candidate, finishReason: reason }])
  return {
    emptyReasons: named(NO_REASONS, (reason) => answer(withReason(reason))),
    earlyEnds: {
      'a reason in each chunk': answer(withReason('STOP')),
      'a reason before the text': answer([part({ text: '' }, 'STOP'), ...messages]),
    },
    endMarkAlone: 'its dialect has no end mark: an answer ends with its body',
    // The reason in a chunk of its own: it comes once more after other content.
    silentEnd: {
      ...answer([...all(({ finishReason: _reason, ...candidate }) => [candidate]), part({ text: '' }, 'STOP')]),
      afterMs: 'idleMs',
      late: { body: bodyOf(text.contentType, [part({ text: LATE_WORDS })]), text: LATE_WORDS },
    },
    twoAnswers: {
      'a second candidate in each chunk': answer(all((candidate) => [candidate, second(candidate)])),
      'a second candidate before the first': answer(all((candidate) => [second(candidate), candidate])),
      'a second candidate in chunks of its own': answer(
        messages.flatMap((message) => [withCandidates(message, (candidate) => [second(candidate)]), message]),
      ),
    },
    unmarkedToolCalls: named(callsOf(), (list) => answer([...list, part({ text: '' }, 'STOP')], { toolCalls: CALLS })),
    differingWholes: NO_REPEAT,
    onlyInWhole: NO_REPEAT,
    ...(onePiece !== undefined && { onePieceVariants: documentVariants(onePiece) }),
  }
}

const partsOf = (ids: Message): Message[] =>
  CALLS.map(({ name, input: json }) => ({ functionCall: { ...ids, name, args: JSON.parse(json) as unknown } }))

function callsOf(): Record<string, Message[]> {
  return {
    'without ids, a chunk each': partsOf({}).map((one) => part(one)),
    'without ids, in one chunk': [{ candidates: [{ content: { parts: partsOf({}), role: 'model' }, index: 0 }] }],
    'one id for two': partsOf({ id: 'c' }).map((one) => part(one)),
  }
}

function documentVariants(onePiece: AnswerFixture): Variants {
  const [document = {}] = messagesOf(onePiece)
  const answer = documentsLike(onePiece)
  const calling = (ids: Message): Message => ({
    ...document,
    candidates: [{ content: { parts: partsOf(ids), role: 'model' }, finishReason: 'STOP', index: 0 }],
  })
  const called = { text: undefined, reasoning: undefined, usage: undefined, toolCalls: CALLS }
  return {
    twoAnswers: {
      'a second candidate': answer(withCandidates(document, (one) => [one, second(one)])),
      'a second candidate before the first': answer(withCandidates(document, (one) => [second(one), one])),
    },
    unmarkedToolCalls: {
      'without ids': answer(calling({}), called),
      'one id for two': answer(calling({ id: 'c' }), called),
    },
  }
}
