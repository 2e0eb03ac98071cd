import type { AnswerFixture } from '../fixtures.ts'
import type { Variants } from '../variants.ts'
import {
  answersLike,
  CALLS,
  documentsLike,
  half,
  type Message,
  messagesOf,
  named,
  OTHER_WORDS,
  recordIn,
} from './messages.ts'

const NO_REASONS = { 'an empty reason': '', 'the word null': 'null', 'no reason': null } as const
const NO_REPEAT = 'its dialect does not repeat what its pieces said'

const text = (words: string): Message => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text: words },
})
const reasonDelta = (reason: string | null): Message => ({
  type: 'message_delta',
  delta: { stop_reason: reason, stop_sequence: null },
  usage: { output_tokens: 1 },
})
const startOf = (index: number, block: Message): Message => ({
  type: 'content_block_start',
  index,
  content_block: block,
})
const stopOf = (index: number): Message => ({ type: 'content_block_stop', index })

/**
 * Variants of an answer in Anthropic's Messages dialect, made from its event stream and its document.
 *
 * @example
 * const whole = { ...fixture('text.sse'), text: 'Hello!', endMark: true }
 * const onePiece = { ...fixture('document.json'), text: 'Hello!', endMark: true }
 * const answers = { text: whole, onePiece, ...anthropicVariants(whole, onePiece) }
 */
export function anthropicVariants(
  whole: AnswerFixture,
  onePiece?: AnswerFixture,
): Variants & { onePieceVariants?: Variants } {
  const messages = messagesOf(whole)
  const answer = answersLike(whole, '"type":"message_stop"')
  const [start = {}] = messages
  const begun = (reason: string | null): Message => ({
    ...start,
    message: { ...recordIn(start, 'message'), stop_reason: reason },
  })
  const after = (type: string, more: Message): Message[] =>
    messages.flatMap((message) => (message.type === type ? [message, more] : [message]))
  const other = [
    { ...start, message: { ...recordIn(start, 'message'), id: 'msg_another' } },
    startOf(0, { type: 'text', text: '' }),
    text(OTHER_WORDS),
    stopOf(0),
    reasonDelta('end_turn'),
    { type: 'message_stop' },
  ]
  const calls = (blocks: readonly Message[]): AnswerFixture =>
    answer([start, ...blocks, reasonDelta('tool_use'), { type: 'message_stop' }], { toolCalls: CALLS })
  return {
    emptyReasons: {
      ...named(NO_REASONS, (reason) => {
        const [, ...rest] = after('content_block_delta', reasonDelta(reason))
        return answer([begun(reason), ...rest])
      }),
      'no reason but the end mark': answer(
        messages.map((message) => (message.type === 'message_delta' ? reasonDelta('') : message)),
      ),
    },
    earlyEnds: {
      'a reason in each piece': answer(after('content_block_delta', reasonDelta('end_turn'))),
      'a reason before the text': answer(after('message_start', reasonDelta('end_turn'))),
    },
    endMarkAlone: { message_stop: answer([{ type: 'message_stop' }]) },
    silentEnd: 'message_stop alone ends an answer of its dialect: a silence before it is a timeout (row 4)',
    twoAnswers: {
      'begun again in the middle': answer([...half(messages), ...other]),
      'begun again after its reason': answer([...messages.slice(0, -1), ...other]),
    },
    unmarkedToolCalls: named(callsOf(), calls),
    differingWholes: NO_REPEAT,
    onlyInWhole: NO_REPEAT,
    ...(onePiece !== undefined && { onePieceVariants: documentVariants(onePiece) }),
  }
}

function callsOf(): Record<string, Message[]> {
  const use = (name: string, id: Message, input: unknown = {}): Message => ({ type: 'tool_use', ...id, name, input })
  const pieces = (index: number, json: string): Message[] =>
    [json.slice(0, 4), json.slice(4)].map((partial_json) => ({
      type: 'content_block_delta',
      index,
      delta: { type: 'input_json_delta', partial_json },
    }))
  const each = (id: (at: number) => Message): Message[] =>
    CALLS.flatMap(({ name, input: json }, at) => [startOf(at, use(name, id(at))), ...pieces(at, json), stopOf(at)])
  return {
    'without ids': each(() => ({})),
    'one id for two': each(() => ({ id: 'toolu_1' })),
    'arguments in the start of the block': CALLS.flatMap(({ name, input: json }, at) => [
      startOf(at, use(name, { id: `toolu_${at}` }, JSON.parse(json))),
      stopOf(at),
    ]),
    'two blocks open at once': [
      ...CALLS.map(({ name }, at) => startOf(at, use(name, { id: `toolu_${at}` }))),
      ...CALLS.flatMap(({ input: json }, at) => pieces(at, json)),
      ...CALLS.map((_, at) => stopOf(at)),
    ],
  }
}

function documentVariants(onePiece: AnswerFixture): Variants {
  const [document = {}] = messagesOf(onePiece)
  const answer = documentsLike(onePiece)
  const content = CALLS.map(({ name, input: json }) => ({
    type: 'tool_use',
    id: 'toolu_1',
    name,
    input: JSON.parse(json) as unknown,
  }))
  return {
    emptyReasons: named(NO_REASONS, (reason) => answer({ ...document, stop_reason: reason })),
    unmarkedToolCalls: {
      'one id for two': answer(
        { ...document, content, stop_reason: 'tool_use' },
        { text: undefined, reasoning: undefined, usage: undefined, toolCalls: CALLS },
      ),
    },
  }
}
