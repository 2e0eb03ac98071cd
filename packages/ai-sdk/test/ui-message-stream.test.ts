import { fromUIMessages, toUIMessageStream, type UIChunk } from '@rivulet/ai-sdk'
import {
  ChatError,
  type ChatEvent,
  chatRequest,
  collect,
  runTools,
  tool,
  toMessage,
  type ToolRunEvent,
} from '@rivulet/core'
import { chatStream } from '@rivulet/core/provider'
import {
  createUIMessageStreamResponse,
  readUIMessageStream,
  type UIMessage,
  type UIMessageChunk,
  uiMessageChunkSchema,
} from 'ai'
import { describe, expect, it } from 'vitest'
import { saying } from './support/saying.ts'

const request = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] } as const
const start: ChatEvent = { type: 'start', provider: 'acme', model: 'm' }
const text = (words: string): ChatEvent => ({ type: 'text', text: words })
const finish: ChatEvent = { type: 'finish', reason: 'stop' }
const restart: ChatEvent = { type: 'restart', from: 'acme', reason: 'truncated', message: 'acme: broke off' }
const call: ChatEvent[] = [
  { type: 'tool-call', id: 'c1', name: 'weather' },
  { type: 'tool-input', id: 'c1', text: '{"city":"Bern"}' },
]
const broken = new ChatError('truncated', 'acme: the answer broke off', { provider: 'acme' })

const streamOf = (...reads: (readonly ChatEvent[] | Error)[]): AsyncIterable<ChatEvent> => saying(reads).stream(request)

/** The chunks, each checked by the schema that `useChat` checks them with. */
async function chunksOf(stream: ReadableStream<UIChunk>): Promise<UIChunk[]> {
  const chunks = await Array.fromAsync(stream)
  // Compiles as long as every chunk is one of theirs.
  const theirs: UIMessageChunk[] = chunks
  for (const chunk of theirs) {
    expect(await uiMessageChunkSchema().validate?.(chunk)).toMatchObject({ success: true })
  }
  return chunks
}

/** The message that a page has at the end, and every text that it has drawn. */
async function pageOf(
  stream: AsyncIterable<ToolRunEvent>,
): Promise<{ message: UIMessage | undefined; drawn: string[] }> {
  const errors: unknown[] = []
  let message: UIMessage | undefined
  const drawn: string[] = []
  const onError = (error: unknown): void => void errors.push(error)
  for await (const next of readUIMessageStream({ stream: toUIMessageStream(stream), onError })) {
    message = next
    const words = next.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
    if (drawn.at(-1) !== words) drawn.push(words)
  }
  return { message, drawn }
}

describe('what useChat reads', () => {
  it('is one message of one step', async () => {
    const chunks = await chunksOf(
      toUIMessageStream(streamOf([start, text('Hel'), text('lo'), finish]), { messageId: 'm1' }),
    )
    expect(chunks).toEqual([
      { type: 'start', messageId: 'm1' },
      { type: 'start-step' },
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'Hel' },
      { type: 'text-delta', id: '0', delta: 'lo' },
      { type: 'text-end', id: '0' },
      { type: 'finish-step' },
      { type: 'finish', finishReason: 'stop' },
    ])
  })

  it('is drawn again from the beginning after a restart', async () => {
    const { message, drawn } = await pageOf(streamOf([start, text('Half of')], [restart, start, text('All')], [finish]))
    expect(message?.parts.filter(({ type }) => type === 'text')).toMatchObject([{ text: 'All', state: 'done' }])
    expect(drawn).toEqual(['', 'Half of', '', 'All'])
  })

  it('keeps the steps before the one that starts over', async () => {
    const answers = [
      [start, ...call, { type: 'finish', reason: 'tool-calls' } as const],
      [start, text('It is'), restart, start, text('Sunny.'), finish],
    ]
    const provider = { ...saying([]), stream: () => saying([answers.shift() ?? []]).stream(request) }
    const weather = tool({ name: 'weather', parameters: { type: 'object' }, run: () => 'sunny' })
    const { message } = await pageOf(runTools(provider, { request, tools: [weather] }))
    expect(message?.parts).toMatchObject([
      { type: 'step-start' },
      { type: 'tool-weather', state: 'output-available', input: { city: 'Bern' }, output: 'sunny' },
      { type: 'step-start' },
      { type: 'text', text: 'Sunny.' },
    ])
  })

  it('gives no call to a page before its answer is whole, and none of an answer that starts over', async () => {
    const chunks = await chunksOf(
      toUIMessageStream(streamOf([start, ...call, text('…')], [restart, start, text('No.'), finish])),
    )
    expect(chunks.filter(({ type }) => type === 'tool-input-available')).toEqual([])
    const whole = await chunksOf(toUIMessageStream(streamOf([start, ...call, text('…')], [finish])))
    expect(whole.map(({ type }) => type).slice(-4)).toEqual([
      'text-end',
      'tool-input-available',
      'finish-step',
      'finish',
    ])
  })

  it('says that an answer broke off, and why', async () => {
    const chunks = await chunksOf(toUIMessageStream(streamOf([start, text('Half')], broken)))
    expect(chunks.slice(-3)).toEqual([
      { type: 'error', errorText: broken.message },
      { type: 'finish-step' },
      { type: 'finish', finishReason: 'interrupted' },
    ])
  })

  it('shows nothing of an error that is not ours, unless it is told what', async () => {
    const secret = new Error('secret')
    const errorOf = async (options: Parameters<typeof toUIMessageStream>[1]): Promise<unknown> =>
      (await chunksOf(toUIMessageStream(streamOf(secret), options))).find(({ type }) => type === 'error')
    expect(JSON.stringify(await errorOf({}))).not.toContain('secret')
    expect(await errorOf({ onError: () => 'Try again.' })).toEqual({ type: 'error', errorText: 'Try again.' })
  })

  it('has metadata where it is asked for', async () => {
    const messageMetadata = ({ type }: ChatEvent): unknown => (type === 'finish' ? { ended: true } : undefined)
    const chunks = await chunksOf(toUIMessageStream(streamOf([start, text('Hello'), finish]), { messageMetadata }))
    expect(chunks.at(0)).toEqual({ type: 'start' })
    expect(chunks.at(-1)).toMatchObject({ messageMetadata: { ended: true } })
  })

  it('closes the provider when the page leaves', async () => {
    const pieces = Array.from({ length: 100 }, (_, at) => [text(`${at} `)])
    const provider = saying([[start], ...pieces, [finish]])
    const { body } = createUIMessageStreamResponse({ stream: toUIMessageStream(provider.stream(request)) })
    const reader = body?.getReader()
    await reader?.read()
    await reader?.cancel()
    await expect.poll(() => provider.closed).toBe(1)
  })

  it('refuses an option that there is not', () => {
    // @ts-expect-error: a caller without types.
    expect(() => toUIMessageStream(streamOf([]), { onFinish: () => undefined })).toThrow(TypeError)
  })
})

describe('what useChat sends', () => {
  it('is the answer that it was, with signatures and its author', async () => {
    const events: ChatEvent[] = [
      start,
      { type: 'reasoning', text: 'Hm.' },
      { type: 'reasoning', text: '', signature: 'Eq' },
      text('Let me see.'),
      ...call,
      { type: 'finish', reason: 'tool-calls' },
    ]
    const result = { type: 'tool-result', id: 'c1', name: 'weather', content: 'sunny', isError: false } as const
    async function* run(): AsyncGenerator<ToolRunEvent, undefined> {
      yield* events.slice(0, -1)
      yield result
      yield* [start, text('Sunny.'), finish]
    }
    const { message } = await pageOf(run())
    const user = { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Weather?' }] }
    const messages = fromUIMessages(JSON.parse(JSON.stringify([user, message])))
    expect(messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
      toMessage(await collect(streamOf(events))),
      { role: 'tool', toolCallId: 'c1', content: 'sunny' },
      { role: 'assistant', content: [{ type: 'text', text: 'Sunny.' }] },
    ])
    expect(chatRequest({ messages }, { model: 'm' }).messages).toEqual(messages)
  })

  it('has images and files', () => {
    const parts = [
      { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,iVBORw0KGgo=' },
      { type: 'file', mediaType: 'application/pdf', url: 'https://a.example/b.pdf', filename: 'b.pdf' },
      { type: 'data-weather', data: {} },
    ]
    expect(fromUIMessages([{ role: 'user', parts }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo=' },
          { type: 'file', url: 'https://a.example/b.pdf', name: 'b.pdf' },
        ],
      },
    ])
  })

  it.each([
    ['output-available', { output: { sky: 'blue' } }, { content: '{"sky":"blue"}' }],
    ['output-error', { errorText: 'no such city' }, { content: 'no such city', isError: true }],
    ['output-denied', {}, { content: 'The user did not allow this call.', isError: true }],
  ])('has a call that is %s', (state, fields, expected) => {
    const part = { type: 'tool-weather', toolCallId: 'c1', state, input: { city: 'Bern' }, ...fields }
    expect(fromUIMessages([{ role: 'assistant', parts: [part] }])).toEqual([
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'weather', input: '{"city":"Bern"}' }] },
      { role: 'tool', toolCallId: 'c1', ...expected },
    ])
  })

  it('leaves out a call without a result: no endpoint takes it', () => {
    const part = { type: 'tool-weather', toolCallId: 'c1', state: 'input-available', input: {} }
    expect(fromUIMessages([{ role: 'assistant', parts: [part] }])).toEqual([])
  })

  it.each([[undefined], [[{ role: 'user' }]], [[{ role: 'tool', parts: [] }]], [['Hello']]])(
    'is refused unless it is a list of messages: %j',
    (body) => {
      expect(() => fromUIMessages(body)).toThrow(ChatError)
    },
  )
})

describe('a message begins with its start', () => {
  it('where the function for its metadata throws', async () => {
    const messageMetadata = (): never => {
      throw new Error('no metadata')
    }
    const chunks = await chunksOf(toUIMessageStream(streamOf([start, text('Hello'), finish]), { messageMetadata }))
    expect(chunks.map(({ type }) => type)).toEqual(['start', 'start-step', 'error', 'finish-step', 'finish'])
  })

  it('where the answer starts over before it has said anything', async () => {
    const chunks = await chunksOf(toUIMessageStream(streamOf([restart, start, text('All'), finish])))
    expect(chunks.map(({ type }) => type).slice(0, 3)).toEqual(['start', 'start-step', 'reset-step'])
  })
})

it('a page that leaves while it waits is no failure', async () => {
  const errors: unknown[] = []
  const onError = (error: unknown): string => {
    errors.push(error)
    return 'failed'
  }
  const closed = Promise.withResolvers<undefined>()
  const silent = chatStream(undefined, () => ({
    next: () => new Promise(() => undefined),
    close: () => {
      closed.resolve(undefined)
    },
  }))
  const reader = toUIMessageStream(silent, { onError }).getReader()
  const read = reader.read()
  await Promise.resolve()
  await reader.cancel()
  await closed.promise
  expect(await read).toMatchObject({ done: true })
  await new Promise((resolve) => void setImmediate(resolve))
  expect(errors).toEqual([])
})
