import type { AnswerFixture } from '../fixtures.ts'
import type { Variants } from '../variants.ts'
import { answersLike, CALLS, half, type Message, messagesOf, named, OTHER_WORDS, recordIn } from './messages.ts'

const NO_STATUSES = { 'an empty status': '', 'the word null': 'null', 'no status': null } as const
const DELTA = 'response.output_text.delta'

/**
 * Variants of an answer in OpenAI's Responses dialect, made from its event stream.
 *
 * @example
 * const whole = { ...fixture('text.sse'), text: 'Hello!', endMark: true }
 * const answers = { text: whole, ...responsesVariants(whole) }
 */
export function responsesVariants(text: AnswerFixture): Variants {
  const messages = messagesOf(text)
  const answer = answersLike(text, '"type":"response.completed"')
  const isEnd = ({ type }: Message): boolean => type === 'response.completed'
  const isMessage = ({ type }: Message): boolean => String(type).startsWith('response.') && !isEnd({ type })
  const [created = {}] = messages
  const [completed = {}] = messages.filter(isEnd)
  const withStatus = (status: string | null): Message[] =>
    messages.map((message) =>
      isMessage(message) && 'response' in message
        ? { ...message, response: { ...recordIn(message, 'response'), status } }
        : message,
    )
  const without = (...types: string[]): Message[] => messages.filter(({ type }) => !types.includes(String(type)))
  const last = messages.findLastIndex(({ type }) => type === DELTA)
  /** The last piece says something else than the whole. */
  const changed = messages.map((message, at) => (at === last ? { ...message, delta: OTHER_WORDS } : message))
  const other = messages.map((message) => {
    if (message.type === DELTA) return { ...message, delta: OTHER_WORDS }
    return 'response' in message
      ? { ...message, response: { ...recordIn(message, 'response'), id: 'resp_another' } }
      : message
  })
  const ended = (output: readonly Message[]): Message => ({
    ...completed,
    response: { ...recordIn(completed, 'response'), output },
  })
  return {
    emptyReasons: named(NO_STATUSES, (status) => answer(withStatus(status))),
    earlyEnds: { 'a status before the text': answer(withStatus('completed')) },
    endMarkAlone: 'its end mark holds the whole answer',
    silentEnd: 'response.completed alone ends an answer of its dialect: a silence before it is a timeout (row 4)',
    twoAnswers: {
      'begun again in the middle': answer([...half(messages), ...other]),
      'begun again before its end': answer([...messages.filter((message) => !isEnd(message)), ...other]),
    },
    unmarkedToolCalls: named({ 'one id for two': { call_id: 'c' }, 'without ids': {} }, (marks: Message) => {
      const { list, items } = callsOf(marks)
      return answer([created, ...list, ended(items)], { toolCalls: CALLS })
    }),
    differingWholes: {
      'the text in its done events': answer(changed),
      'the text in response.completed alone': answer(
        changed.filter((message) => isEnd(message) || /created|added|delta/.test(String(message.type))),
      ),
      'the arguments of a call': answer([created, ...callsOf({ call_id: 'c' }, '{"city":"Rome"}').list, completed]),
    },
    onlyInWhole: {
      'in the done events': answer(without(DELTA)),
      'in the item': answer(without(DELTA, 'response.output_text.done', 'response.content_part.done')),
      'in response.completed': answer([created, completed]),
    },
  }
}

/** Two calls in pieces. `said`: what the pieces of the first say instead of its arguments. */
function callsOf(marks: Message, said?: string): { list: Message[]; items: Message[] } {
  const items = CALLS.map(({ name, input: json }, at) => ({
    ...marks,
    id: `fc_${at}`,
    type: 'function_call',
    status: 'completed',
    arguments: json,
    name,
  }))
  const list = items.flatMap((item, at) => {
    const about = { item_id: item.id, output_index: at }
    return [
      { type: 'response.output_item.added', output_index: at, item: { ...item, arguments: '' } },
      {
        type: 'response.function_call_arguments.delta',
        ...about,
        delta: at === 0 && said !== undefined ? said : item.arguments,
      },
      { type: 'response.function_call_arguments.done', ...about, arguments: item.arguments },
      { type: 'response.output_item.done', output_index: at, item },
    ]
  })
  return { list, items }
}
