import type { AnswerFixture } from '../fixtures.ts'
import type { Variants } from '../variants.ts'
import { answersLike, CALLS, documentsLike, type Message, messagesOf, named } from './messages.ts'

const NO_REASONS = { 'an empty reason': '', 'the word null': 'null', 'no reason': null } as const
const NO_REPEAT = 'its dialect does not repeat what its pieces said'

/**
 * Variants of an answer in Ollama's dialect, made from its JSON lines and its document.
 *
 * @example
 * const whole = { ...fixture('text.sse'), text: 'Hello!', endMark: true }
 * const onePiece = { ...fixture('document.json'), text: 'Hello!', endMark: true }
 * const answers = { text: whole, onePiece, ...ollamaVariants(whole, onePiece) }
 */
export function ollamaVariants(
  text: AnswerFixture,
  onePiece?: AnswerFixture,
): Variants & { onePieceVariants?: Variants } {
  const messages = messagesOf(text)
  const [first = {}] = messages
  const { model, created_at } = first
  const answer = answersLike(text, '"done":true')
  const withReason = (reason: string | null): Message[] =>
    messages.map((line) => (line.done === true ? line : { ...line, done_reason: reason }))
  const line = (message: Message, done = false): Message => ({
    model,
    created_at,
    message: { role: 'assistant', content: '', ...message },
    done,
    ...(done && { done_reason: 'stop' }),
  })
  return {
    emptyReasons: {
      ...named(NO_REASONS, (reason) => answer(withReason(reason))),
      'no reason but the last line': answer(messages.map((one) => ({ ...one, done_reason: '' }))),
    },
    earlyEnds: {
      'a reason in each line': answer(withReason('stop')),
      'a reason before the text': answer([{ ...line({}), done_reason: 'stop' }, ...messages]),
    },
    endMarkAlone: 'its end mark is a field of its last line',
    silentEnd: 'only its last line ends an answer of its dialect: a silence before it is a timeout (row 4)',
    twoAnswers: 'an answer of its dialect has neither a number nor a mark of its beginning',
    unmarkedToolCalls: {
      'without ids, a line each': answer([...callsOf({}).map((call) => line({ tool_calls: [call] })), line({}, true)], {
        toolCalls: CALLS,
      }),
      'one id for two': answer([line({ tool_calls: callsOf({ id: 'c' }) }), line({}, true)], { toolCalls: CALLS }),
      'in the last line': answer([line({ tool_calls: callsOf({}) }, true)], { toolCalls: CALLS }),
    },
    differingWholes: NO_REPEAT,
    onlyInWhole: NO_REPEAT,
    ...(onePiece !== undefined && { onePieceVariants: documentVariants(onePiece) }),
  }
}

/** All with index 0. */
const callsOf = (ids: Message): Message[] =>
  CALLS.map(({ name, input: json }) => ({
    ...ids,
    function: { index: 0, name, arguments: JSON.parse(json) as unknown },
  }))

function documentVariants(onePiece: AnswerFixture): Variants {
  const [document = {}] = messagesOf(onePiece)
  const answer = documentsLike(onePiece)
  const called = { text: undefined, reasoning: undefined, usage: undefined, toolCalls: CALLS }
  const calling = (ids: Message): Message => ({
    ...document,
    message: { role: 'assistant', content: '', tool_calls: callsOf(ids) },
  })
  return {
    emptyReasons: named(NO_REASONS, (reason) => answer({ ...document, done_reason: reason })),
    twoAnswers: 'an answer of its dialect has neither a number nor a mark of its beginning',
    unmarkedToolCalls: {
      'without ids': answer(calling({}), called),
      'one id for two': answer(calling({ id: 'c' }), called),
    },
  }
}
