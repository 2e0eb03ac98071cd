import { expect, test } from 'vitest'
import {
  type Conversation,
  messagesFor,
  newConversation,
  titleOf,
  type Turn,
} from '../../public/conversation/conversation.js'
import { toJson, toMarkdown } from '../../public/conversation/export.js'
import { type AnswerEvent, AnswerRecord, eventsOf } from '../../public/conversation/record.js'

const START: AnswerEvent = { type: 'start', provider: 'openai', model: 'gpt' }
const CALL: AnswerEvent[] = [
  { type: 'tool-call', id: '1', name: 'roll_dice' },
  { type: 'tool-input', id: '1', text: '{"count":' },
  { type: 'tool-input', id: '1', text: '2}' },
]
const RESULT: AnswerEvent = { type: 'tool-result', id: '1', name: 'roll_dice', content: '[3,5]', isError: false }
const text = (words: string): AnswerEvent => ({ type: 'text', text: words })

function messagesOf(...events: AnswerEvent[]) {
  const record = new AnswerRecord()
  for (const event of events) record.add(event)
  return record.messages
}

test('an answer with tools is a turn that calls, its results, and a turn that says', () => {
  expect(messagesOf(START, text('Let me see.'), ...CALL, RESULT, START, text('You got 8.'))).toMatchObject([
    { role: 'assistant', content: [{ text: 'Let me see.' }, { type: 'tool-call', id: '1', input: '{"count":2}' }] },
    { role: 'tool', toolCallId: '1', content: '[3,5]' },
    { role: 'assistant', content: 'You got 8.', origin: { provider: 'openai', model: 'gpt' } },
  ])
})

test('a call without its result is not kept, and what was said before it is', () => {
  expect(messagesOf(START, text('Let me see.'), ...CALL)).toMatchObject([{ content: 'Let me see.' }])
  expect(messagesOf(START, ...CALL)).toEqual([])
})

test('after a restart only the second answer is kept, and the rounds of tools before it', () => {
  const restart: AnswerEvent = { type: 'restart', from: 'openai', reason: 'truncated', message: 'cut' }
  expect(messagesOf(START, text('You g'), restart, START, text('You got 8.'))).toMatchObject([
    { content: 'You got 8.' },
  ])
  const rounds = messagesOf(START, ...CALL, RESULT, START, text('You g'), restart, START, text('You got 8.'))
  expect(rounds.map(({ role }) => role)).toEqual(['assistant', 'tool', 'assistant'])
  expect(rounds.at(-1)).toMatchObject({ content: 'You got 8.' })
})

test('what is kept gives the events that draw it again', () => {
  const kept = messagesOf(START, { type: 'reasoning', text: 'Hm.' }, ...CALL, RESULT, START, text('You got 8.'))
  expect(eventsOf(kept)).toMatchObject([
    { type: 'reasoning', text: 'Hm.' },
    { type: 'tool-call', name: 'roll_dice' },
    { type: 'tool-input', text: '{"count":2}' },
    { type: 'tool-result', content: '[3,5]' },
    { type: 'text', text: 'You got 8.' },
  ])
})

const answerOf = (words: string, state: Turn['answers'][number]['state'] = 'complete'): Turn['answers'][number] => ({
  choice: { model: 'gpt' },
  state,
  messages: messagesOf(START, text(words)),
  facts: ['OpenAI', '12 tokens'],
})
const turnOf = (index: number, words: string, ...answers: Turn['answers']): Turn => ({
  conversation: 'c',
  index,
  question: { text: words, images: [] },
  answers,
})

test('a question is sent with the conversation before it, without questions that have no answer', () => {
  const turns = [
    turnOf(0, 'one', answerOf('1')),
    turnOf(1, 'two', answerOf('half', 'failed')),
    turnOf(2, 'three', answerOf('3', 'stopped')),
    turnOf(3, 'four'),
  ]
  const messages = messagesFor(turns, { system: ' Be brief. ' })
  expect(messages.map(({ role, content }) => [role, content])).toEqual([
    ['system', 'Be brief.'],
    ...[
      ['user', 'one'],
      ['assistant', '1'],
      ['user', 'three'],
      ['assistant', '3'],
      ['user', 'four'],
    ],
  ])
})

test('each of two that are asked at once goes on with its own answers', () => {
  const turns = [turnOf(0, 'one', answerOf('both')), turnOf(1, 'two', answerOf('a'), answerOf('b')), turnOf(2, 'three')]
  const said = (column: number): unknown[] =>
    messagesFor(turns, { column }).flatMap(({ role, content }) => (role === 'assistant' ? [content] : []))
  expect(said(0)).toEqual(['both', 'a'])
  expect(said(1)).toEqual(['both', 'b'])
})

test('images come before the text of their question', () => {
  const images = ['data:image/png;base64,AA==']
  const turn: Turn = { ...turnOf(0, ''), question: { text: 'What is this?', images } }
  expect(messagesFor([turn])).toEqual([
    {
      role: 'user',
      content: [
        { type: 'image', url: images[0] },
        { type: 'text', text: 'What is this?' },
      ],
    },
  ])
  expect(messagesFor([{ ...turn, question: { text: '', images } }])).toMatchObject([{ content: [{ type: 'image' }] }])
})

test.each([
  ['Count to 20', [], 'Count to 20'],
  ['One line\nand another', [], 'One line'],
  [`${'word '.repeat(20)}end`, [], `${'word '.repeat(11)}word…`],
  ['', ['data:,'], 'An image'],
])('%j has a title', (words, images, title) => {
  expect(titleOf({ text: words, images })).toBe(title)
})

const conversation: Conversation = {
  ...newConversation({ system: 'Be brief.', tools: false }),
  title: 'Dice',
  createdMs: Date.UTC(2026, 10, 28),
}

test('as Markdown a conversation is read by people, and says what is missing', () => {
  const rolled = { ...answerOf(''), messages: messagesOf(START, ...CALL, RESULT, START, text('You got **8**.')) }
  const turns = [turnOf(0, 'Roll', rolled), turnOf(1, 'Again', answerOf('You g', 'interrupted'))]
  expect(toMarkdown(conversation, turns)).toBe(`# Dice

2026-11-28

> Instructions: Be brief.

## Question

Roll

## Answer

Called \`roll_dice\`:

\`\`\`
{"count":2}
\`\`\`

Result:

\`\`\`
[3,5]
\`\`\`

You got **8**.

*OpenAI · 12 tokens*

## Question

Again

## Answer

You g

*The page was closed here; the rest is missing.*

*OpenAI · 12 tokens*
`)
})

test('as JSON a conversation is what was kept', () => {
  const turns = [turnOf(0, 'one', answerOf('1'))]
  expect(JSON.parse(toJson(conversation, turns))).toMatchObject({
    title: 'Dice',
    created: '2026-11-28T00:00:00.000Z',
    settings: { system: 'Be brief.' },
    turns: [{ question: { text: 'one' }, answers: [{ state: 'complete', messages: [{ content: '1' }] }] }],
  })
})
