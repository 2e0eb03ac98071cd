import type { AnswerFixture } from '../fixtures.ts'
import type { Variants } from '../variants.ts'
import {
  answersLike,
  bodyOf,
  CALLS,
  documentsLike,
  half,
  LATE_WORDS,
  listIn,
  type Message,
  messagesOf,
  named,
  OTHER_WORDS,
  recordIn,
} from './messages.ts'

const DONE = '[DONE]'
const STOP = '"finish_reason":"stop"'
/** Reasons that are none, as servers spell them; `undefined`: the field is left out. */
const NO_REASONS = { 'an empty reason': '', 'the word null': 'null', 'white space': ' ' } as const

const hasReason = (choice: Message): boolean => typeof choice.finish_reason === 'string'

/** The message with its choices changed. */
const withChoices = (message: Message, change: (choice: Message) => readonly Message[]): Message => ({
  ...message,
  choices: listIn(message, 'choices').flatMap(change),
})

/**
 * Variants of a chat-completions answer, made from its event stream and its document.
 *
 * @example
 * const whole = { ...fixture('text.sse'), text: 'Hello!', endMark: true }
 * const onePiece = { ...fixture('document.json'), text: 'Hello!', endMark: true }
 * const answers = { text: whole, onePiece, ...chatVariants(whole, onePiece) }
 */
export function chatVariants(
  text: AnswerFixture,
  onePiece?: AnswerFixture,
): Variants & { onePieceVariants?: Variants } {
  const messages = messagesOf(text)
  const [first = {}] = messages.filter((message) => listIn(message, 'choices').length > 0)
  const { usage: _usage, x_groq: _groq, ...envelope } = first
  const chunk = (delta: Message, reason: string | null = null): Message => ({
    ...envelope,
    choices: [{ index: 0, delta, finish_reason: reason }],
  })
  const answer = answersLike(text, STOP)
  const all = (change: (choice: Message) => readonly Message[], of = messages): Message[] =>
    of.map((message) => withChoices(message, change))
  const withReason = (reason: string) =>
    all((choice) => [hasReason(choice) ? choice : { ...choice, finish_reason: reason }])
  const second = (choice: Message): Message => ({
    ...choice,
    index: 1,
    delta: hasReason(choice) ? {} : { content: OTHER_WORDS },
  })
  const other = [
    { ...chunk({ role: 'assistant', content: '' }), id: 'another-answer' },
    { ...chunk({ content: OTHER_WORDS }), id: 'another-answer' },
    { ...chunk({}, 'stop'), id: 'another-answer' },
  ]
  const whole = (content: string) => ({
    ...envelope,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  })
  const beside = (content: string) =>
    all((choice) => [hasReason(choice) ? { ...choice, message: { role: 'assistant', content } } : choice])
  const open = all((choice) => [{ ...choice, finish_reason: null }])
  const meant = text.text ?? ''

  return {
    emptyReasons: {
      ...named(NO_REASONS, (reason) => answer([...withReason(reason), DONE])),
      'no reason but the end mark': answer([...all((choice) => [{ ...choice, finish_reason: '' }]), DONE], {
        text: text.text,
        endMark: `data: ${DONE}`,
      }),
    },
    earlyEnds: {
      'a reason in each chunk': answer([...withReason('stop'), DONE]),
      'a reason before the text': answer([chunk({ role: 'assistant', content: '' }, 'stop'), ...messages, DONE]),
    },
    endMarkAlone: { [DONE]: answer([DONE]) },
    silentEnd: {
      ...answer(messages),
      afterMs: 1_000,
      late: { body: bodyOf(text.contentType, [chunk({ content: LATE_WORDS })]), text: LATE_WORDS },
    },
    twoAnswers: {
      'a second choice in each chunk': answer([...all((choice) => [choice, second(choice)]), DONE]),
      'a second choice before the first': answer([...all((choice) => [second(choice), choice]), DONE]),
      'a second choice in chunks of its own': answer([
        ...messages.flatMap((message) => [withChoices(message, (choice) => [second(choice)]), message]),
        DONE,
      ]),
      'begun again in the middle': answer([...half(messages), ...other, DONE]),
      'begun again after its reason': answer([...messages, ...other, DONE]),
    },
    unmarkedToolCalls: named(callsOf(chunk), (deltas) =>
      answer([chunk({ role: 'assistant', content: null }), ...deltas, chunk({}, 'tool_calls'), DONE], {
        toolCalls: CALLS,
      }),
    ),
    differingWholes: {
      'a message after the pieces': answer([...open, whole(OTHER_WORDS), DONE]),
      'a message beside the last piece': answer([...beside(OTHER_WORDS), DONE]),
    },
    onlyInWhole: {
      'a message in place of pieces': answer([whole(meant), DONE]),
      'a message that repeats the pieces': answer([...open, whole(meant), DONE]),
      'a message beside the last piece that repeats the others': answer([...beside(meant), DONE]),
    },
    ...(onePiece !== undefined && { onePieceVariants: documentVariants(onePiece) }),
  }
}

/** Two calls in ways that leave out or confuse their marks. */
function callsOf(chunk: (delta: Message) => Message): Record<string, Message[]> {
  const [weather, time] = CALLS
  const say = (...calls: Message[]): Message => chunk({ tool_calls: calls })
  const call = (name: string | undefined, json: string, marks: Message = {}): Message => ({
    ...marks,
    type: 'function',
    function: { ...(name !== undefined && { name }), arguments: json },
  })
  const pieces = (json: string): [string, string] => [json.slice(0, 4), json.slice(4)]
  const inPieces = (name: string, json: string, marks: Message, later: Message = marks): Message[] => {
    const [from, rest] = pieces(json)
    return [say(call(name, '', marks)), say(call(undefined, from, later)), say(call(undefined, rest, later))]
  }
  const late = ({ name, input: json }: (typeof CALLS)[number], marks: Message): Message[] => [
    say(call('', json.slice(0, 4), marks)),
    say(call(name, json.slice(4), marks)),
  ]
  return {
    'without ids, all on index 0': CALLS.map(({ name, input: json }) => say(call(name, json, { index: 0 }))),
    'without ids, all on index 0, in pieces': CALLS.flatMap(({ name, input: json }) =>
      inPieces(name, json, { index: 0 }),
    ),
    'without ids and index, in one chunk': [say(...CALLS.map(({ name, input: json }) => call(name, json)))],
    'with ids, all on index 0': CALLS.map(({ name, input: json }, at) =>
      say(call(name, json, { index: 0, id: `c${at}` })),
    ),
    'one id for two': CALLS.map(({ name, input: json }, index) => say(call(name, json, { index, id: 'c' }))),
    'an id in the first piece only': [
      ...inPieces(weather.name, weather.input, { index: 0, id: 'c0' }, { index: 0 }),
      ...inPieces(time.name, time.input, { index: 1, id: 'c1' }, { index: 1 }),
    ],
    'another id in each piece': [
      say(call(weather.name, '', { index: 0, id: 'a' })),
      ...pieces(weather.input).map((json, at) => say(call(undefined, json, { index: 0, id: `a${at}` }))),
      say(call(time.name, time.input, { index: 1, id: 'b' })),
    ],
    'named after the first arguments': CALLS.flatMap((one, index) => late(one, { index, id: `c${index}` })),
  }
}

function documentVariants(onePiece: AnswerFixture): Variants {
  const [document = {}] = messagesOf(onePiece)
  const answer = documentsLike(onePiece)
  const [choice = {}] = listIn(document, 'choices')
  const other = { ...choice, index: 1, message: { ...recordIn(choice, 'message'), content: OTHER_WORDS } }
  const calling = (calls: readonly Message[]): Message => ({
    ...document,
    choices: [
      { index: 0, message: { role: 'assistant', content: null, tool_calls: calls }, finish_reason: 'tool_calls' },
    ],
  })
  const calls = (marks: Message): Message[] =>
    CALLS.map(({ name, input: json }) => ({ ...marks, type: 'function', function: { name, arguments: json } }))
  const called = { text: undefined, reasoning: undefined, usage: undefined, toolCalls: CALLS }
  return {
    emptyReasons: named(NO_REASONS, (reason) =>
      answer({ ...document, choices: [{ ...choice, finish_reason: reason }] }),
    ),
    twoAnswers: {
      'a second choice': answer({ ...document, choices: [choice, other] }),
      'a second choice before the first': answer({ ...document, choices: [other, choice] }),
    },
    unmarkedToolCalls: {
      'without ids': answer(calling(calls({})), called),
      'one id for two': answer(calling(calls({ id: 'c' })), called),
    },
  }
}
