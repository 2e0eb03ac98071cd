import { describe, expect, test } from 'vitest'
import {
  type AnswerFixture,
  anthropicVariants,
  chatVariants,
  errorInWords,
  geminiEmbeddings,
  geminiVariants,
  ollamaEmbeddings,
  ollamaVariants,
  openaiEmbeddings,
  openPart,
  rawTextVariants,
  responsesVariants,
  type Variants,
} from '../src/index.ts'
import { bodyOf, messagesOf } from '../src/variants/messages.ts'

const TEXT = 'Grüße 🌊'
const sse = (...messages: (object | string)[]): AnswerFixture => ({
  contentType: 'text/event-stream; charset=utf-8',
  body: bodyOf('text/event-stream', messages as Parameters<typeof bodyOf>[1]),
  text: TEXT,
  endMark: true,
})
const document = (message: object): AnswerFixture => ({
  ...sse(),
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(message)),
})

const chunk = (delta: object, finish_reason: string | null = null): object => ({
  id: 'a',
  choices: [{ index: 0, delta, finish_reason }],
})
const candidate = (text: string, more: object = {}): object => ({
  candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...more }],
})
const say = (text: string): object => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })

const all: Readonly<Record<string, Variants & { onePieceVariants?: Variants }>> = {
  'chat completions': chatVariants(
    sse(
      chunk({ role: 'assistant' }),
      chunk({ content: 'Grüße' }),
      chunk({ content: ' 🌊' }),
      chunk({}, 'stop'),
      '[DONE]',
    ),
    document({
      id: 'a',
      choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
    }),
  ),
  anthropic: anthropicVariants(
    sse(
      { type: 'message_start', message: { id: 'm', stop_reason: null } },
      say('Grüße'),
      say(' 🌊'),
      { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
      { type: 'message_stop' },
    ),
    document({ content: [{ type: 'text', text: TEXT }], stop_reason: 'end_turn' }),
  ),
  gemini: geminiVariants(
    sse(candidate('Grüße'), candidate(' 🌊', { finishReason: 'STOP' })),
    document(candidate(TEXT, { finishReason: 'STOP' })),
  ),
  ollama: ollamaVariants(
    {
      ...sse(),
      contentType: 'application/x-ndjson',
      body: Buffer.from(
        `{"message":{"content":"Grüße"},"done":false}\n{"message":{"content":" 🌊"},"done":true,"done_reason":"stop"}\n`,
      ),
    },
    document({ message: { content: TEXT }, done: true, done_reason: 'stop' }),
  ),
  responses: responsesVariants(
    sse(
      { type: 'response.created', response: { id: 'r', status: 'in_progress' } },
      { type: 'response.output_text.delta', delta: TEXT },
      { type: 'response.output_text.done', text: TEXT },
      { type: 'response.output_item.done', item: { type: 'message' } },
      { type: 'response.completed', response: { id: 'r', status: 'completed' } },
    ),
  ),
  'raw text': rawTextVariants,
}

/** The variants that are answers, by the names of their fields and their own. */
const answersIn = (variants: Variants): [name: string, answer: AnswerFixture][] =>
  Object.entries(variants).flatMap(([field, given]) =>
    typeof given !== 'object' || field === 'silentEnd' || field === 'onePieceVariants'
      ? []
      : Object.entries(given as Record<string, AnswerFixture>).map(([name, answer]): [string, AnswerFixture] => [
          `${field}, ${name}`,
          answer,
        ]),
  )

describe.each(Object.entries(all))('variants of %s', (_name, variants) => {
  test('every field is given, or a reason why not', () => {
    const fields: Readonly<Record<keyof Variants, true>> = {
      emptyReasons: true,
      earlyEnds: true,
      endMarkAlone: true,
      silentEnd: true,
      twoAnswers: true,
      unmarkedToolCalls: true,
      differingWholes: true,
      onlyInWhole: true,
    }
    expect(Object.keys(variants)).toEqual(expect.arrayContaining(Object.keys(fields)))
  })

  test('every answer differs from the others', () => {
    for (const part of [variants, variants.onePieceVariants ?? {}]) {
      const bodies = answersIn(part).map(([, { body }]) => Buffer.from(body).toString())
      expect(new Set(bodies).size).toBe(bodies.length)
    }
  })

  test('an answer with an empty reason has content before its end mark', () => {
    const { emptyReasons = {} } = variants
    if (typeof emptyReasons === 'string') return
    for (const answer of Object.values(emptyReasons)) {
      expect(Buffer.from(answer.body).toString()).toContain(answer.endMark)
      expect(Buffer.from(openPart(answer)).toString()).toContain('Grüße')
      expect(answer.text).toBe(TEXT)
    }
  })
})

test('messages are read from and written as events, lines and documents', () => {
  const events = sse({ type: 'a', text: TEXT }, { b: 1 }, '[DONE]')
  expect(Buffer.from(events.body).toString()).toBe(
    `event: a\ndata: {"type":"a","text":"${TEXT}"}\n\ndata: {"b":1}\n\ndata: [DONE]\n\n`,
  )
  expect(messagesOf(events)).toEqual([{ type: 'a', text: TEXT }, { b: 1 }])
  const lines = { contentType: 'application/x-ndjson', body: Buffer.from(`{"text":"${TEXT}"}\n\n{"b":1}\n`) }
  expect(messagesOf(lines)).toEqual([{ text: TEXT }, { b: 1 }])
  expect(Buffer.from(bodyOf(lines.contentType, [{ b: 1 }])).toString()).toBe('{"b":1}\n')
  expect(messagesOf(document({ a: TEXT }))).toEqual([{ a: TEXT }])
})

test('an error in words comes between events', () => {
  const { body } = errorInWords({ ...sse(say('Hi'), { type: 'end' }), endMark: '"type":"end"' })
  expect(Buffer.from(body).toString()).toMatch(/"Hi"\}\}\n\nevent: error\ndata: [^{]+\n\nevent: end\n/)
})

test.each([openaiEmbeddings, geminiEmbeddings, ollamaEmbeddings])(
  'wrong vectors differ from right ones: %o',
  (make) => {
    const { right, wrong, request } = make('e')
    expect(request.input).toHaveLength(2)
    for (const { body } of Object.values(wrong)) expect(body).not.toEqual(right.body)
  },
)
