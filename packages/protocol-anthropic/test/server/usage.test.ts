import { ChatError, type ChatEvent, type ChatRequest, type Usage } from '@rivulet/core'
import type { AnswerWriter } from '@rivulet/core/provider'
import { describe, expect, test } from 'vitest'
import { messagesServer } from '../../src/index.ts'
import { asChat, done, finish, read, sse, start, started, stop, text } from '../support/decoding.ts'

/** Of 400 characters: about 100 tokens, and 4 for the message. */
const LONG = 'word '.repeat(80)
const COUNTED: Usage = { inputTokens: 60, outputTokens: 3, cachedTokens: 50, source: 'reported' }

const writerOf = (stream = true, more: Partial<ChatRequest> = {}): AnswerWriter =>
  messagesServer()
    .read({
      path: '/v1/messages',
      body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: LONG }], stream, ...more }),
    })
    .answer({ id: 'msg_1', created: 1, model: 'm' })
const answer = (usage?: Usage): ChatEvent[] => asChat([started, text('Yes.'), { ...finish(), usage } as typeof started])
/** The usage with which a message starts, and that with which it ends. */
const usagesIn = (sent: string): unknown[] =>
  [...sent.matchAll(/^data: (.*(?:message_start|message_delta).*)$/gm)].map(([, data = '']) => {
    const { message, usage } = JSON.parse(data) as { message?: { usage: unknown }; usage?: unknown }
    return message?.usage ?? usage
  })

describe('a message that is streamed', () => {
  test('starts with an estimate of its input, marked as one, and ends with the counts of the endpoint', () => {
    expect(usagesIn(writerOf().write(answer(COUNTED)))).toEqual([
      expect.objectContaining({ input_tokens: 104, cache_read_input_tokens: null, output_tokens: 0, estimated: true }),
      expect.not.objectContaining({ estimated: true }),
    ])
    expect(usagesIn(writerOf().write(answer(COUNTED)))[1]).toMatchObject({
      input_tokens: 10,
      cache_read_input_tokens: 50,
      output_tokens: 3,
    })
  })

  test('counts its tools in the estimate', () => {
    const tools = [
      { name: 'f', description: LONG, input_schema: { type: 'object' } },
    ] as unknown as ChatRequest['tools']
    const [first] = usagesIn(writerOf(true, { tools }).write(answer(COUNTED)))
    expect((first as { input_tokens: number }).input_tokens).toBeGreaterThan(204)
  })

  test('says the estimate again where the endpoint counts nothing: a client must not show an empty conversation', () => {
    const estimated = expect.objectContaining({ input_tokens: 104, estimated: true }) as unknown
    expect(usagesIn(writerOf().write(answer()))).toEqual([estimated, estimated])
  })
})

test('a message in one piece has the counts of the endpoint, or zeros', () => {
  expect(JSON.parse(writerOf(false).write(answer(COUNTED)))).toMatchObject({ usage: { input_tokens: 10 } })
  const { usage } = JSON.parse(writerOf(false).write(answer())) as { usage: object }
  expect(usage).toMatchObject({ input_tokens: 0, output_tokens: 0 })
  expect(usage).not.toHaveProperty('estimated')
})

describe('a client of ours', () => {
  const usageOf = (sent: string): Usage | undefined => {
    const last = read(sent).events.at(-1)
    return last?.type === 'finish' ? last.usage : undefined
  }

  test('never takes the estimate for a count: the count may be less, or missing', () => {
    expect(usageOf(writerOf().write(answer(COUNTED)))).toEqual(COUNTED)
    expect(usageOf(writerOf().write(answer()))).toBeUndefined()
    const [first] = usagesIn(writerOf().write(answer()))
    expect(usageOf(sse(start(first as object), done))).toBeUndefined()
    expect(usageOf(sse(start(first as object), stop('end_turn', { output_tokens: 5 }), done))).toMatchObject({
      inputTokens: 0,
      outputTokens: 5,
    })
  })

  test('has no usage of an answer that is cut: nothing was counted', () => {
    const writer = writerOf()
    const sent = writer.write(answer(COUNTED).slice(0, 2))
    for (const cut of [sent, sent + writer.fail(new ChatError('truncated', 'cut'))]) {
      expect(read(cut).failure).toBeDefined()
      expect(JSON.stringify(read(cut).events)).not.toContain('usage')
    }
  })

  test.each([true, false])('takes an estimated usage for what it is, streamed: %s', (stream) => {
    const estimated: Usage = { inputTokens: 7, outputTokens: 3, source: 'estimated' }
    const sent = writerOf(stream).write(answer(estimated))
    const { events } = read(sent, stream ? undefined : 'application/json')
    expect(events.at(-1)).toMatchObject({ usage: estimated })
  })
})
