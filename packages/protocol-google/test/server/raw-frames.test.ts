import { ChatError, type ChatEvent, type FrameLabel } from '@rivulet/core'
import { describe, expect, test } from 'vitest'
import { answerOf, ask, chunksOf, hello } from '../support/server.ts'

const start: ChatEvent = { type: 'start', provider: 'google', model: 'gemini-x', id: 'R1' }
const finish: ChatEvent = { type: 'finish', reason: 'stop' }
const text = (words: string): ChatEvent => ({ type: 'text', text: words })
const dataOf = (words: string, more = ''): string =>
  `{"candidates": [{"content": {"parts": [{"text": "${words}"}]}${more}}], "responseId": "R1", "odd": 1}`
const raw = (label: FrameLabel, data: string, dialect = 'gemini'): ChatEvent => ({ type: 'raw', dialect, label, data })
const frame = (words: string, label: FrameLabel = 'as-is'): ChatEvent[] => [raw(label, dataOf(words)), text(words)]
const END = dataOf('.', ', "finishReason": "STOP"')
const last: ChatEvent[] = [raw('end', END), text('.')]
const textsOf = (body: string): unknown[] =>
  chunksOf(body).map((chunk) => {
    const [candidate] = (chunk as { candidates?: { content: { parts: { text: string }[] } }[] }).candidates ?? []
    return candidate?.content.parts[0]?.text
  })
const event = (data: string): string => `data: ${data}\n\n`

describe('a frame of an endpoint of this dialect', () => {
  test('passes byte for byte; the one with the reason waits until the answer has ended', () => {
    const writer = answerOf(ask(hello))
    const [first, second] = frame('a')
    expect(writer.write([first ?? finish, start, second ?? finish])).toBe(event(dataOf('a')))
    expect(writer.write([...frame('b'), ...last])).toBe(event(dataOf('b')))
    expect(writer.write([finish])).toBe(event(END))
  })

  test('on several lines is one line', () => {
    const data = '{"candidates":\n  [],\r\n  "x": 1}'
    expect(answerOf(ask(hello)).write([raw('as-is', data), start])).toBe(event('{"candidates":   [],   "x": 1}'))
  })

  test('that was mended is written from its events, with the id and the model of the frames', () => {
    const writer = answerOf(ask(hello))
    const body = writer.write([...frame('a').slice(0, 1), start, text('a'), ...frame('b', 'mended'), finish])
    expect(textsOf(body)).toEqual(['a', 'b', ''])
    expect(body).not.toContain('"text": "b"')
    expect(chunksOf(body)[1]).toMatchObject({ modelVersion: 'gemini-x', responseId: 'R1' })
  })

  test('of another dialect is written from its events', () => {
    const body = answerOf(ask(hello)).write([raw('as-is', '{"choices":[]}', 'openai-chat'), start, text('a')])
    expect(body).not.toContain('choices')
    expect(chunksOf(body)).toMatchObject([{ modelVersion: 'alias' }])
  })

  test('with a reason that did not end the answer gives its content, and not its reason', () => {
    const body = answerOf(ask(hello)).write([...frame('a'), ...last, ...frame('b'), finish])
    expect(textsOf(body)).toEqual(['a', '.', 'b', ''])
    expect(body.match(/finishReason/g)).toHaveLength(1)
  })

  test('with usage alone after the reason goes out with it, in order', () => {
    const usage = '{"usageMetadata": {"promptTokenCount": 1}}'
    const body = answerOf(ask(hello)).write([...frame('a'), ...last, raw('usage', usage), finish])
    expect(body).toBe(event(dataOf('a')) + event(END) + event(usage))
  })

  test('with the reason is not the end of an answer that failed, whose content the client gets', () => {
    const writer = answerOf(ask(hello))
    const body = writer.write([...frame('a'), ...last]) + writer.fail(new ChatError('truncated', 'it broke off'))
    expect(body).not.toContain('finishReason')
    expect(textsOf(body)).toEqual(['a', '.', undefined])
  })

  test('passes no more after a break: the id of another answer would follow', () => {
    const writer = answerOf(ask(hello))
    const resume: ChatEvent = { type: 'resume', from: 'a', reason: 'truncated', message: 'it broke off' }
    const body = writer.write([
      ...frame('a').slice(0, 1),
      start,
      text('a'),
      resume,
      start,
      ...frame('b'),
      ...last,
      finish,
    ])
    expect(textsOf(body)).toEqual(['a', 'b', '.', ''])
    expect(body.match(/"odd"/g)).toHaveLength(1)
    expect(new Set(chunksOf(body).map((chunk) => (chunk as { responseId: string }).responseId))).toEqual(
      new Set(['R1']),
    )
  })

  test('with a call without arguments has the call once, whether it passes or not', () => {
    const functionCall = '{"candidates": [{"content": {"parts": [{"functionCall": {"name": "f", "id": "a"}}]}}]}'
    const called: ChatEvent = { type: 'tool-call', id: 'a', name: 'f' }
    for (const label of ['as-is', 'mended'] as const) {
      const writer = answerOf(ask(hello))
      const events = [raw(label, functionCall), start, called, ...frame('b', 'mended'), finish]
      const body = events.map((each) => writer.write([each])).join('')
      expect(body.match(/functionCall/g)).toHaveLength(1)
    }
  })

  test('passes before any content was sent, after a restart too', () => {
    const restart: ChatEvent = { type: 'restart', from: 'a', reason: 'overloaded', message: 'busy' }
    const body = answerOf(ask(hello)).write([start, restart, start, text('a'), finish])
    expect(textsOf(body)).toEqual(['a', ''])
  })
})

describe('a document of an endpoint of this dialect', () => {
  const document = () => answerOf(ask(hello, { method: 'generateContent' }))

  test('passes as it came', () => {
    expect(document().write([raw('end', END), start, text('.'), finish])).toBe(END)
  })

  test('is written from events where it was mended, is of another dialect, or came in pieces', () => {
    for (const frames of [
      [raw('mended', END), start, text('.')],
      [raw('end', END, 'ollama'), start, text('.')],
      [...frame('a'), ...last],
    ]) {
      const body = document().write([...frames, finish])
      expect(body).not.toContain('"odd"')
      expect(JSON.parse(body)).toMatchObject({ candidates: [{ finishReason: 'STOP' }] })
    }
  })
})
