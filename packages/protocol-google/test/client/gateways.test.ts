import { describe, expect, test } from 'vitest'
import { gemini } from '../../src/index.ts'
import { chunk, read, reasonOf, sse, textOf } from '../support/decoding.ts'

describe('a stream as one list of chunks', () => {
  const chunks = [chunk({ text: 'one ' }), chunk({ text: 'two', reason: 'STOP' })].map((event): unknown =>
    JSON.parse(event.slice('data: '.length)),
  )
  const listOf = (all: readonly unknown[]): string => JSON.stringify(all, null, 2)

  test('is read as the events are', () => {
    const { events } = read(listOf(chunks), 'application/json')
    expect(events).toEqual(read(sse({ text: 'one ' }, { text: 'two', reason: 'STOP' })).events)
  })

  test('is cut where it breaks off, and where no chunk has a reason', () => {
    expect(read(listOf(chunks).slice(0, -20), 'application/json').failure).toMatchObject({ code: 'truncated' })
    expect(read(listOf(chunks.slice(0, 1)), 'application/json').failure).toMatchObject({ code: 'truncated' })
  })

  test('fails with the error in it', () => {
    const error = { error: { code: 503, message: 'full', status: 'UNAVAILABLE' } }
    expect(read(listOf([chunks[0], error]), 'application/json').failure).toEqual({
      code: 'overloaded',
      message: 'the endpoint reports: full',
    })
  })
})

describe('an id of the answer', () => {
  const of = (responseId: unknown) => ({ text: 'x', more: { responseId } })
  const end = (responseId: unknown) => ({ ...of(responseId), reason: 'STOP' })

  test('that has come twice and changes begins a second answer', () => {
    const failure = { code: 'malformed', message: 'a second answer begins in the stream' }
    expect(read(sse(of('a'), of('a'), of('b'))).failure).toEqual(failure)
    expect(read(sse(of('a'), of('a'), of('a'), end('a'), end('b'))).failure).toEqual(failure)
  })

  test('that differs in each chunk, or is absent, says nothing', () => {
    expect(textOf(sse(of('a'), of('b'), end('c')))).toBe('xxx')
    expect(textOf(sse(of('a'), of(undefined), of('b'), end(null)))).toBe('xxxx')
    expect(reasonOf(sse(of('a'), of('a'), of(''), end('a')))).toBe('stop')
  })
})

test('a count of zero does not take back what was counted', () => {
  const counted = (prompt: number, answer: number) => ({
    text: 'x',
    more: { usageMetadata: { promptTokenCount: prompt, candidatesTokenCount: answer } },
  })
  const body = sse(counted(9, 1), counted(9, 2), counted(9, 3), counted(0, 0), { text: 'x', reason: 'STOP' })
  expect(read(body).events.at(-1)).toMatchObject({ usage: { inputTokens: 9, outputTokens: 3 } })
})

test('without tools the choice is left out, unless extra has tools', () => {
  const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }], toolChoice: 'auto' } as const
  const dialect = gemini()
  expect(dialect.open(request).http.body).toMatchObject({ toolConfig: undefined })
  const tools = [{ googleSearch: {} }]
  expect(dialect.open({ ...request, extra: { gemini: { tools } } }).http.body).toMatchObject({
    tools,
    toolConfig: { functionCallingConfig: { mode: 'AUTO' } },
  })
})
